// SPDX-License-Identifier: BSL-1.0
// HMAC-SHA1 (RFC 2104) over one packet with any compression function, and the unstitched reference kernel.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "../../core/abi.hpp"
#include "../../core/bytes.hpp"
#include "../../core/constant_time.hpp"
#include "../../core/secret.hpp"
#include "../aes/portable.hpp"
#include "../sha1/portable.hpp"
#include "contract.hpp"

namespace sotto::inline SOTTO_ABI::kernels::aes_cm_hmac_sha1 {

inline constexpr std::size_t suffix_len = 4;

/// The SHA-1 states after K ⊕ ipad and K ⊕ opad (RFC 2104 section 2). len is at most 64.
template <auto Compress>
inline void hmac_expand(key& k, const std::uint8_t* auth_key, std::size_t len) noexcept {
  std::uint8_t pad[sha1::block_len];
  const core::wipe_at_exit guard(pad);
  std::memset(pad, 0x36, sizeof pad);
  for (std::size_t i = 0; i < len; ++i) pad[i] ^= auth_key[i];
  k.inner = sha1::initial_state;
  Compress(k.inner, pad, 1);
  for (auto& byte : pad) byte ^= 0x36 ^ 0x5c;
  k.outer = sha1::initial_state;
  Compress(k.outer, pad, 1);
}

inline void store_digest(std::uint8_t (&digest)[sha1::digest_len], const sha1::state& s) noexcept {
  for (std::size_t i = 0; i < 5; ++i) core::store_be32(digest + 4 * i, s.h[i]);
}

/// The end of the inner hash and the whole outer one. inner has absorbed all of a message of message_len bytes except
/// its last rest_len < 64, which are at rest (may be null if there are none); 4 bytes of suffix follow them.
template <auto Compress>
inline void hmac_finish(const key& k, sha1::state inner, const std::uint8_t* rest, std::size_t rest_len,
                        const std::uint8_t* suffix, std::size_t message_len,
                        std::uint8_t (&digest)[sha1::digest_len]) noexcept {
  // FIPS 180-4 5.1.1: a one bit, zeros, and the length in bits, the pad block's included. At most 63 + 4 + 1 + 8 bytes.
  std::uint8_t blocks[2 * sha1::block_len] = {};
  core::copy(blocks, rest, rest_len);
  std::memcpy(blocks + rest_len, suffix, suffix_len);
  blocks[rest_len + suffix_len] = 0x80;
  const std::size_t count = rest_len + suffix_len + 9 <= sha1::block_len ? 1 : 2;
  const std::uint64_t inner_len = sha1::block_len + std::uint64_t{message_len} + suffix_len;
  core::store_be64(blocks + count * sha1::block_len - 8, inner_len * 8);
  Compress(inner, blocks, count);

  store_digest(digest, inner);
  std::uint8_t last[sha1::block_len] = {};
  const core::wipe_at_exit guard(last);
  std::memcpy(last, digest, sizeof digest);
  last[sizeof digest] = 0x80;
  core::store_be64(last + sha1::block_len - 8, (sha1::block_len + sizeof digest) * 8);
  sha1::state outer = k.outer;
  const core::wipe_at_exit guard_outer(outer);
  Compress(outer, last, 1);
  store_digest(digest, outer);
}

/// HMAC-SHA1 of len bytes of message and 4 of suffix. message may be null if len is 0.
template <auto Compress>
inline void mac(const key& k, const std::uint8_t* message, std::size_t len, const std::uint8_t* suffix,
                std::uint8_t (&digest)[sha1::digest_len]) noexcept {
  sha1::state inner = k.inner;
  const std::size_t rest = len % sha1::block_len, whole = len - rest;
  if (whole != 0) Compress(inner, message, whole / sha1::block_len);
  hmac_finish<Compress>(k, inner, rest != 0 ? message + whole : nullptr, rest, suffix, len, digest);
}

/// Whether the packet's authenticated bytes, as they lie before and at `in`, have this tag.
template <auto Compress>
inline bool verify(const key& k, const packet& p, const std::uint8_t* tag, std::size_t tag_len) noexcept {
  std::uint8_t expected[sha1::digest_len];
  const core::wipe_at_exit guard(expected);  // a valid tag for whatever a forger sent
  mac<Compress>(k, p.in - p.header_len, p.header_len + p.text_len, p.suffix, expected);
  return core::equal(expected, tag, tag_len);
}

namespace portable {

inline void expand(key& k, const std::uint8_t* cipher_key, std::size_t cipher_key_len, const std::uint8_t* auth_key,
                   std::size_t auth_key_len) noexcept {
  aes::portable::expand(k.cipher, cipher_key, cipher_key_len);
  hmac_expand<&sha1::portable::compress>(k, auth_key, auth_key_len);
}

/// RFC 3711 3.3, sender: encrypt, then authenticate.
inline void seal(const key& k, const packet& p, std::uint8_t* tag, std::size_t tag_len) noexcept {
  aes::portable::ctr(k.cipher, p.iv, p.in, p.out, p.text_len);
  std::uint8_t digest[sha1::digest_len];
  const core::wipe_at_exit guard(digest);  // more of the MAC than a short tag shows
  mac<&sha1::portable::compress>(k, p.out - p.header_len, p.header_len + p.text_len, p.suffix, digest);
  std::memcpy(tag, digest, tag_len);
}

/// RFC 3711 3.3, receiver: authenticate, then decrypt.
inline bool open(const key& k, const packet& p, const std::uint8_t* tag, std::size_t tag_len) noexcept {
  if (!verify<&sha1::portable::compress>(k, p, tag, tag_len)) return false;
  aes::portable::ctr(k.cipher, p.iv, p.in, p.out, p.text_len);
  return true;
}

inline constexpr kernel table{&expand, &seal, &open, "portable"};

}  // namespace portable
}  // namespace sotto::inline SOTTO_ABI::kernels::aes_cm_hmac_sha1
