// SPDX-License-Identifier: BSL-1.0
// The choice of a transform: at run time, or by the compiler.
#pragma once

#include <cstdint>
#include <utility>
#include <variant>

#include "../core/abi.hpp"
#include "../core/result.hpp"
#include "../cpu/target.hpp"
#include "aead_transform.hpp"
#include "aes_cm_hmac_sha1_transform.hpp"
#include "key_derivation.hpp"
#include "profile.hpp"
#include "transform.hpp"

namespace sotto::inline SOTTO_ABI::srtp {

/// Any profile, chosen when it is created: one or two well-predicted branches per packet, and every kernel is linked.
class any_transform {
  using gcm = aead_transform<crypto::aes_gcm>;
  using hmac = aes_cm_hmac_sha1_transform;
  using chacha = aead_transform<crypto::chacha20_poly1305>;

  // Unlike std::visit: no table of functions and no exception to throw.
  // Inlined: a packet's description passed through memory would be stored in halves and loaded whole.
  template <class F>
  SOTTO_ALWAYS_INLINE auto visit(F&& f) const noexcept {
    if (const auto* t = std::get_if<gcm>(&chosen_)) return f(*t);
    if (const auto* t = std::get_if<hmac>(&chosen_)) return f(*t);
    return f(*std::get_if<chacha>(&chosen_));
  }

 public:
  static constexpr bool supports(profile p) noexcept { return parameters(p).cipher != cipher::none; }

  /// As the transform of the profile's cipher.
  static result<any_transform> create(profile p, const session_keys& rtp, const session_keys& rtcp) noexcept {
    if (gcm::supports(p)) return wrap(gcm::create(p, rtp, rtcp));
    if (chacha::supports(p)) return wrap(chacha::create(p, rtp, rtcp));
    return wrap(hmac::create(p, rtp, rtcp));
  }

  std::uint64_t max_text_len() const noexcept {
    return visit([](const auto& t) { return t.max_text_len(); });
  }
  SOTTO_ALWAYS_INLINE void seal_rtp(const transform_packet& p, std::uint8_t* tag) const noexcept {
    visit([&](const auto& t) { t.seal_rtp(p, tag); });
  }
  SOTTO_ALWAYS_INLINE bool open_rtp(const transform_packet& p, const std::uint8_t* tag) const noexcept {
    return visit([&](const auto& t) { return t.open_rtp(p, tag); });
  }
  bool open_rtp(const transform_packet& p, const std::uint8_t* tag, std::size_t tag_len) const noexcept {
    return visit([&](const auto& t) { return t.open_rtp(p, tag, tag_len); });
  }
  bool verify_rtp(const transform_packet& p, const std::uint8_t* tag, std::size_t tag_len) const noexcept {
    return visit([&](const auto& t) { return t.verify_rtp(p, tag, tag_len); });
  }
  bool verify_rtcp(const transform_packet& p, const std::uint8_t* esrtcp, const std::uint8_t* tag) const noexcept {
    return visit([&](const auto& t) { return t.verify_rtcp(p, esrtcp, tag); });
  }
  void seal_rtcp(const transform_packet& p, const std::uint8_t* esrtcp, std::uint8_t* tag) const noexcept {
    visit([&](const auto& t) { t.seal_rtcp(p, esrtcp, tag); });
  }
  bool open_rtcp(const transform_packet& p, const std::uint8_t* esrtcp, const std::uint8_t* tag) const noexcept {
    return visit([&](const auto& t) { return t.open_rtcp(p, esrtcp, tag); });
  }
  const char* kernel_name() const noexcept {
    return visit([](const auto& t) { return t.kernel_name(); });
  }

 private:
  explicit any_transform(gcm&& chosen) noexcept : chosen_(std::move(chosen)) {}
  explicit any_transform(hmac&& chosen) noexcept : chosen_(std::move(chosen)) {}
  explicit any_transform(chacha&& chosen) noexcept : chosen_(std::move(chosen)) {}
  template <class T>
  static result<any_transform> wrap(result<T>&& made) noexcept {
    if (!made) return failure{made.error()};
    return any_transform(std::move(*made));
  }
  std::variant<gcm, hmac, chacha> chosen_;
};

static_assert(packet_transform<any_transform>);

namespace detail {
template <cipher C>
struct transform_of {
  using type = aes_cm_hmac_sha1_transform;
};
template <>
struct transform_of<cipher::aes_gcm> {
  using type = aead_transform<crypto::aes_gcm>;
};
template <>
struct transform_of<cipher::chacha20_poly1305> {
  using type = aead_transform<crypto::chacha20_poly1305>;
};
}  // namespace detail

/// The transform of one profile's cipher; it links no other kernels.
template <profile P>
using transform_for = typename detail::transform_of<parameters(P).cipher>::type;

}  // namespace sotto::inline SOTTO_ABI::srtp
