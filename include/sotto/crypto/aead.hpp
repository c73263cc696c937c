// SPDX-License-Identifier: BSL-1.0
// What an AEAD is to the layers above: sizes, a typed nonce, and one call per packet.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>

#include "../core/abi.hpp"
#include "../core/bytes.hpp"
#include "../core/result.hpp"
#include "../kernels/aead_packet.hpp"

namespace sotto::inline SOTTO_ABI::crypto {

/// A nonce of Len bytes. Using one twice with the same key forfeits both secrecy and authenticity; whoever constructs
/// one vouches that it is fresh. SRTP callers never see this type. Not secret. A copy, so that neither a temporary's
/// end nor output written over the caller's bytes can change it.
template <std::size_t Len>
class nonce {
 public:
  explicit nonce(std::span<const std::uint8_t, Len> value) noexcept { core::copy(bytes_, value.data(), Len); }
  const std::uint8_t* data() const noexcept { return bytes_; }

 private:
  std::uint8_t bytes_[Len];
};

/// An AEAD in the sense of RFC 5116, keyed. The packet calls trust their caller (see kernels::aead_packet).
template <class A>
concept aead = std::movable<A> && requires(const A& a, const kernels::aead_packet& packet, std::uint8_t* tag) {
  { A::nonce_len } -> std::convertible_to<std::size_t>;
  { A::tag_len } -> std::convertible_to<std::size_t>;
  { A::max_text_len } -> std::convertible_to<std::uint64_t>;
  { A::create(const_bytes{}) }
  noexcept->std::same_as<result<A>>;
  { a.seal_packet(packet, tag) }
  noexcept;
  { a.open_packet(packet, static_cast<const std::uint8_t*>(tag)) }
  noexcept->std::same_as<bool>;
  { a.kernel_name() }
  noexcept->std::same_as<const char*>;
};

namespace detail {

/// The checks of every public seal and open: lengths and aliasing. text and out have the same length.
template <class A>
result<void> check_text(const_bytes aad, const_bytes text, const_bytes out) noexcept {
  if (std::uint64_t{text.size()} > A::max_text_len) return failure{error::message_too_long};
  if (!core::same_or_disjoint(text, out) || core::overlap(aad.data(), aad.size(), out.data(), out.size()))
    return failure{error::overlapping_buffers};
  return {};
}

/// The checks of seal: the part of out that ciphertext ‖ tag will fill.
template <class A>
result<mutable_bytes> check_seal(const_bytes aad, const_bytes plaintext, mutable_bytes out) noexcept {
  if (out.size() < A::tag_len || out.size() - A::tag_len < plaintext.size()) return failure{error::buffer_too_small};
  out = out.first(plaintext.size() + A::tag_len);
  // The tag is written last, so it must not land on inputs either.
  if (const auto checked = check_text<A>(aad, plaintext, out); !checked) return failure{checked.error()};
  return out;
}

/// The checks of open: the part of out that the plaintext will fill.
template <class A>
result<mutable_bytes> check_open(const_bytes aad, const_bytes sealed, mutable_bytes out) noexcept {
  if (sealed.size() < A::tag_len) return failure{error::authentication_failed};
  const const_bytes text = sealed.first(sealed.size() - A::tag_len);
  if (out.size() < text.size()) return failure{error::buffer_too_small};
  out = out.first(text.size());
  if (!core::same_or_disjoint(sealed, out)) return failure{error::overlapping_buffers};
  if (const auto checked = check_text<A>(aad, text, out); !checked) return failure{checked.error()};
  return out;
}

inline kernels::aead_packet make_packet(const std::uint8_t* nonce, const_bytes aad, const std::uint8_t* in,
                                        std::uint8_t* out, std::size_t text_len) noexcept {
  return {nonce, aad.data(), aad.size(), nullptr, 0, in, out, text_len};
}

/// seal with the tag behind the ciphertext, for any AEAD.
template <class A>
result<mutable_bytes> seal(const A& a, nonce<A::nonce_len> n, const_bytes aad, const_bytes plaintext,
                           mutable_bytes out) noexcept {
  const auto checked = check_seal<A>(aad, plaintext, out);
  if (checked)
    a.seal_packet(make_packet(n.data(), aad, plaintext.data(), out.data(), plaintext.size()),
                  out.data() + plaintext.size());
  return checked;
}

/// open with the tag behind the ciphertext, for any AEAD.
template <class A>
result<mutable_bytes> open(const A& a, nonce<A::nonce_len> n, const_bytes aad, const_bytes sealed,
                           mutable_bytes out) noexcept {
  const auto checked = check_open<A>(aad, sealed, out);
  if (checked && !a.open_packet(make_packet(n.data(), aad, sealed.data(), out.data(), checked->size()),
                                sealed.data() + checked->size()))
    return failure{error::authentication_failed};
  return checked;
}

}  // namespace detail
}  // namespace sotto::inline SOTTO_ABI::crypto
