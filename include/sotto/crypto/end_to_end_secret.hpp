// SPDX-License-Identifier: BSL-1.0
// What two ends agreed on and no server has: where the keys of media come from.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>

#include "../core/abi.hpp"
#include "../core/bytes.hpp"
#include "../core/result.hpp"
#include "../core/secret.hpp"
#include "hkdf.hpp"
#include "sha2.hpp"

namespace sotto::inline SOTTO_ABI::crypto {

/// The end that sent a handshake's first message, and the other one.
enum class handshake_role : std::uint8_t { initiator, responder };

/// The only maker of end-to-end secrets: each handshake specialises it in its own header.
template <class Handshake>
struct end_to_end_source;

/// A finished handshake's secret for other protocols' keys, with both ends' identities and this end's role. No bytes
/// become one but inside end_to_end_source. Move-only and wiped. Const calls may run on several threads at once.
///
/// Nothing standardises this step; it composes HKDF-Expand (RFC 5869 2.3) over SHA-256 with
///
///     info = label ‖ 00 ‖ len(context), 2 bytes ‖ context ‖ len(I), 1 byte ‖ I ‖ len(R), 1 byte ‖ R
///
/// where I and R are the static public keys of initiator and responder, empty for an end that has none. Every part has
/// its length in front or its end marked, so that no two purposes share an info; both ends are in it, so that no third
/// one's keys can equal theirs.
class end_to_end_secret {
 public:
  static constexpr std::size_t max_identity_len = 32;
  static constexpr std::size_t max_context_len = 0xffff;

  // What was moved from is spent: a key of zeros would give bytes that everyone can compute.
  end_to_end_secret(end_to_end_secret&& other) noexcept
      : key_(std::move(other.key_)),
        initiator_(std::move(other.initiator_)),
        responder_(std::move(other.responder_)),
        role_(other.role_),
        spent_(std::exchange(other.spent_, true)) {}
  end_to_end_secret& operator=(end_to_end_secret&& other) noexcept {
    if (this != &other) {
      key_ = std::move(other.key_);
      initiator_ = std::move(other.initiator_);
      responder_ = std::move(other.responder_);
      role_ = other.role_;
      spent_ = std::exchange(other.spent_, true);
    }
    return *this;
  }

  handshake_role role() const noexcept { return role_; }

  /// Fills out with key material, secret and the same at both ends, for the purpose that a label, which has no zero
  /// byte, and a context name. Errors: invalid_argument (the label, or a secret that was moved from), output_too_long
  /// (a context beyond max_context_len, or an output beyond 8160 bytes), overlapping_buffers (out and context); out is
  /// untouched then.
  result<void> expand(std::string_view label, const_bytes context, mutable_bytes out) const noexcept {
    if (spent_ || label.empty() || label.find('\0') != std::string_view::npos) return failure{error::invalid_argument};
    if (context.size() > max_context_len) return failure{error::output_too_long};
    const std::uint8_t context_head[] = {0, static_cast<std::uint8_t>(context.size() >> 8),
                                         static_cast<std::uint8_t>(context.size())};
    const std::uint8_t initiator_len[] = {static_cast<std::uint8_t>(initiator_.size())};
    const std::uint8_t responder_len[] = {static_cast<std::uint8_t>(responder_.size())};
    const const_bytes pieces[] = {{reinterpret_cast<const std::uint8_t*>(label.data()), label.size()},
                                  context_head,
                                  context,
                                  initiator_len,
                                  initiator_.expose(),
                                  responder_len,
                                  responder_.expose()};
    return hkdf<sha256>::expand(key_, hkdf_info(std::span<const const_bytes>(pieces)), out);
  }

 private:
  template <class>
  friend struct end_to_end_source;
  using prk = hkdf<sha256>::prk;

  end_to_end_secret(prk&& key, handshake_role role, const_bytes initiator, const_bytes responder) noexcept
      : key_(std::move(key)), initiator_(initiator), responder_(responder), role_(role) {}

  prk key_;
  core::secret_bytes<max_identity_len> initiator_;  // not secret, but nobody's business after the end either
  core::secret_bytes<max_identity_len> responder_;
  handshake_role role_;
  bool spent_ = false;
};

}  // namespace sotto::inline SOTTO_ABI::crypto
