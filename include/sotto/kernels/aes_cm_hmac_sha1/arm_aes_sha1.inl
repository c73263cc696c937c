// SPDX-License-Identifier: BSL-1.0
// AES-CM with HMAC-SHA1 on the ARMv8 cryptography extension: four blocks are encrypted between the steps of SHA-1 over
// 64 bytes of message before them.

namespace cipher = aes::arm_aes;
namespace hash = sha1::arm_sha1;

/// Absorbs one SHA-1 block and encrypts s, one AES round behind each of the first nine instructions of SHA-1's chain;
/// every key has nine full rounds.
SOTTO_ALWAYS_INLINE cipher::quad encrypt_and_compress(const aes::key& k, cipher::quad s, hash::chain& h,
                                                      const std::uint8_t* block) noexcept {
  hash::chain v = h;
  hash::schedule w = hash::load_schedule(block);
  const std::uint8_t* round_key = k.round_keys;
  hash::ch4(v, w.a);
  s = cipher::round(s, vld1q_u8(round_key));
  hash::ch4(v, w.b);
  s = cipher::round(s, vld1q_u8(round_key + 16));
  hash::ch4(v, w.c);
  s = cipher::round(s, vld1q_u8(round_key + 32));
  hash::ch4(v, w.d);
  s = cipher::round(s, vld1q_u8(round_key + 48));
  hash::next16(w);
  hash::ch4(v, w.a);
  s = cipher::round(s, vld1q_u8(round_key + 64));
  hash::parity4_early(v, w.b);
  s = cipher::round(s, vld1q_u8(round_key + 80));
  hash::parity4_early(v, w.c);
  s = cipher::round(s, vld1q_u8(round_key + 96));
  hash::parity4_early(v, w.d);
  s = cipher::round(s, vld1q_u8(round_key + 112));
  hash::next16(w);
  hash::parity4_early(v, w.a);
  s = cipher::round(s, vld1q_u8(round_key + 128));
  hash::parity4_early(v, w.b);
  hash::maj4(v, w.c);
  hash::maj4(v, w.d);
  hash::next16(w);
  hash::maj4(v, w.a);
  hash::maj4(v, w.b);
  hash::maj4(v, w.c);
  hash::parity4_late(v, w.d);
  hash::next16(w);
  hash::parity4_late(v, w.a);
  hash::parity4_late(v, w.b);
  hash::parity4_late(v, w.c);
  hash::parity4_late(v, w.d);
  hash::add(h, v);
  return cipher::encrypt(k, s, 9);
}

inline void expand(key& k, const std::uint8_t* cipher_key, std::size_t cipher_key_len, const std::uint8_t* auth_key,
                   std::size_t auth_key_len) noexcept {
  cipher::expand(k.cipher, cipher_key, cipher_key_len);
  hmac_expand<&hash::compress>(k, auth_key, auth_key_len);
}

inline void seal(const key& k, const packet& p, std::uint8_t* tag, std::size_t tag_len) noexcept {
  const std::uint8_t* message = p.out - p.header_len;
  const std::uint8_t* in = p.in;
  std::uint8_t* out = p.out;
  std::size_t unhashed = p.header_len + p.text_len, left = p.text_len;
  uint32x4_t counter = cipher::load_counter(p.iv);
  hash::chain h = hash::load_chain(k.inner);

  // The cipher leads by 128 bytes, so that there is always a block to hash beside the next 64, and SHA-1 doesn't load
  // what still sits in the store buffer: a header of 12 bytes makes its loads straddle the cipher's stores.
  if (left >= 128) {
    cipher::xor_to(out, in, cipher::encrypt(k.cipher, cipher::next_octet(counter)));
    left -= 128, in += 128, out += 128;
    for (; left >= 64; left -= 64, in += 64, out += 64, message += 64, unhashed -= 64)
      cipher::xor_to(out, in, encrypt_and_compress(k.cipher, cipher::next_quad(counter), h, message));
  } else if (left >= 64) {
    cipher::xor_to(out, in, cipher::encrypt(k.cipher, cipher::next_quad(counter)));
    left -= 64, in += 64, out += 64;
  }
  if (left != 0) cipher::xor_some(out, in, left, cipher::encrypt(k.cipher, cipher::next_quad(counter)));

  sha1::state inner;
  hash::store_chain(inner, h);
  const std::size_t rest = unhashed % sha1::block_len, whole = unhashed - rest;
  hash::compress(inner, message, whole / sha1::block_len);
  std::uint8_t digest[sha1::digest_len];
  const core::wipe_at_exit guard(digest);  // more of the MAC than a short tag shows
  hmac_finish<&hash::compress>(k, inner, message + whole, rest, p.suffix, p.header_len + p.text_len, digest);
  core::copy(tag, digest, tag_len);
}

inline bool open(const key& k, const packet& p, const std::uint8_t* tag, std::size_t tag_len) noexcept {
  if (!verify<&hash::compress>(k, p, tag, tag_len)) return false;
  cipher::ctr(k.cipher, p.iv, p.in, p.out, p.text_len);
  return true;
}
