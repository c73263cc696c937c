// SPDX-License-Identifier: BSL-1.0
// SRTP master keys from a handshake between the ends, split by direction. Ours: no standard says how (see
// crypto/end_to_end_secret.hpp); the layout is RFC 5764 4.2's.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

#include "../core/abi.hpp"
#include "../core/bytes.hpp"
#include "../core/result.hpp"
#include "../core/secret.hpp"
#include "../crypto/end_to_end_secret.hpp"
#include "keying.hpp"
#include "profile.hpp"

namespace sotto::inline SOTTO_ABI::srtp {

/// The label of SRTP keys; the context is the profile's name(), then the MKI.
inline constexpr std::string_view end_to_end_srtp_label = "sotto 1 srtp";

namespace detail {
constexpr std::size_t longest_profile_name() noexcept {
  std::size_t longest = 0;
  for (const profile p : profiles) longest = name(p).size() > longest ? name(p).size() : longest;
  return longest;
}
}  // namespace detail

/// A key for each direction.
struct end_to_end_keys {
  end_to_end_keying write;  ///< For the sender.
  end_to_end_keying read;   ///< For the receiver.
};

/// The only maker of keying that no server can have.
template <>
struct keying_source<provenance::end_to_end> {
  /// Derives the master keys of both directions for a profile: initiator's key ‖ responder's key ‖ initiator's salt ‖
  /// responder's salt. Another MKI gives other keys. Errors: unsupported (no such profile), invalid_mki_length.
  static result<end_to_end_keys> derive(profile p, const crypto::end_to_end_secret& secret,
                                        const_bytes mki = {}) noexcept {
    const std::size_t key_len = parameters(p).key_len, salt_len = parameters(p).salt_len;
    if (key_len == 0) return failure{error::unsupported};
    if (mki.size() > max_mki_len) return failure{error::invalid_mki_length};
    const std::string_view profile_name = name(p);
    std::uint8_t context[detail::longest_profile_name() + 1 + max_mki_len];
    core::copy(context, reinterpret_cast<const std::uint8_t*>(profile_name.data()), profile_name.size());
    context[profile_name.size()] = 0;
    core::copy(context + profile_name.size() + 1, mki.data(), mki.size());

    std::uint8_t material[2 * (max_key_len + max_salt_len)];
    const core::wipe_at_exit guard(material);
    const mutable_bytes all = mutable_bytes(material).first(2 * (key_len + salt_len));
    const auto made =
        secret.expand(end_to_end_srtp_label, const_bytes(context).first(profile_name.size() + 1 + mki.size()), all);
    if (!made) return failure{made.error()};
    const auto half = [&](std::size_t n) {
      return end_to_end_keying::create(
          {p, all.subspan(n * key_len, key_len), all.subspan(2 * key_len + n * salt_len, salt_len), mki});
    };
    const std::size_t own = secret.role() == crypto::handshake_role::initiator ? 0 : 1;
    auto write = half(own);
    if (!write) return failure{write.error()};
    auto read = half(1 - own);
    if (!read) return failure{read.error()};
    return end_to_end_keys{std::move(*write), std::move(*read)};
  }
};

/// keying_source<provenance::end_to_end>::derive by its everyday name.
inline result<end_to_end_keys> derive_end_to_end_keys(profile p, const crypto::end_to_end_secret& secret,
                                                      const_bytes mki = {}) noexcept {
  return keying_source<provenance::end_to_end>::derive(p, secret, mki);
}

}  // namespace sotto::inline SOTTO_ABI::srtp
