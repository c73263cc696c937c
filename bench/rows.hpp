// SPDX-License-Identifier: BSL-1.0
// Who contributes rows to a table, and what all of them compare their output with.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <sotto/cpu/isa.hpp>
#include <sotto/srtp/profile.hpp>

#include "measure.hpp"

namespace bench {

/// Rows of each library, for the table's direction and payload size. A peer's exist only where the build found it.
void add_sotto_rows(table&);
void add_libsrtp2_rows(table&);
void add_openssl_rows(table&);
void add_ipsec_mb_rows(table&);
/// What the processor's instructions allow.
void add_floor_rows(table&);

/// Each peer as it was loaded: name, version, and what does its work.
std::string describe_libsrtp2();
std::string describe_openssl();
std::string describe_ipsec_mb();

/// "aead_aes_128_gcm" for AEAD_AES_128_GCM: the middle of a row's name.
std::string row_name(sotto::srtp::profile);

/// The kernels that Sotto's rows are bound to, e.g. "AES-GCM x86_vaes512".
std::vector<std::string> bound_kernels();

/// Makes the references below from the portable kernels, then hides these features from everything created later.
void hide_features(sotto::cpu::feature_set);

/// The right answers, from Sotto's portable kernels: what a master key makes of a table's packet of this index, and
/// ciphertext ‖ tag of its payload under the bare AEAD with the header as additional data.
std::vector<std::uint8_t> protected_packet(sotto::srtp::profile, const ring&, std::uint64_t index);
std::vector<std::uint8_t> sealed_payload(std::size_t key_len, const ring&, std::uint64_t index);

/// Whether a buffer begins with these bytes.
bool holds(const std::uint8_t* buffer, const std::vector<std::uint8_t>& expected);

}  // namespace bench
