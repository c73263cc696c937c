// SPDX-License-Identifier: BSL-1.0
// Who contributes rows to a table, and what all of them compare their output with.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <sotto/cpu/isa.hpp>
#include <sotto/srtp/profile.hpp>

#include "machine.hpp"
#include "measure.hpp"

namespace bench {

/// Rows of each library, for the table's task and payload size. A peer's exist only where the build found it.
void add_sotto_rows(table&);
void add_sotto_aead_rows(table&);
void add_sotto_function_rows(table&);
/// Both ends of a handshake together.
void add_sotto_handshake_rows(table&);
/// Of SRTP, for payloads of 160 bytes.
void add_sotto_feature_rows(table&);
void add_sotto_sframe_rows(table&);
void add_libsrtp2_rows(table&);
void add_openssl_rows(table&);
void add_ipsec_mb_rows(table&);
void add_sodium_rows(table&);
/// What the processor's instructions allow.
void add_floor_rows(table&);
void add_chacha20_poly1305_floor(table&);

/// Each peer as it was loaded: name, version, and what does its work.
std::string describe_libsrtp2();
/// Throws if OpenSSL uses one of the features hidden from Sotto.
std::string describe_openssl(sotto::cpu::feature_set hidden);
std::string describe_ipsec_mb();
std::string describe_sodium();

/// "aead_aes_128_gcm" for AEAD_AES_128_GCM: the middle of a row's name.
std::string row_name(sotto::srtp::profile);

/// The kernels that Sotto's rows are bound to, e.g. "AES-GCM x86_vaes512".
std::vector<std::string> bound_kernels();

/// Of X25519 and the hashes.
std::vector<std::string> function_kernels();

/// What hides these features from OpenSSL, which reads it once.
environment_variable openssl_without(sotto::cpu::feature_set);

/// Makes the reference below from the portable kernels, then hides these features from everything created later.
void hide_features(sotto::cpu::feature_set);

/// The right answer, from Sotto's portable kernels: what a master key makes of a table's packet of this index.
std::vector<std::uint8_t> protected_packet(sotto::srtp::profile, const ring&, std::uint64_t index);

}  // namespace bench
