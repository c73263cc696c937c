// SPDX-License-Identifier: BSL-1.0
// AES-CM and HMAC-SHA1 over vectors of any width: included once per instruction set, where `cipher` names its AES.
//
// SHA-1 of one packet is a chain of latencies that leaves most of the machine idle. The key stream of the next group is
// therefore put into the instruction stream ahead of the hash of the group before: out-of-order execution runs the
// cipher in the gaps, and the hash never loads what was stored just now.

namespace hash = kernels::sha1::x86_shani;
using cipher::vec;
using cipher::vec_len;

inline constexpr std::size_t group_len = static_cast<std::size_t>(cipher::group_vectors) * vec_len;
/// Key stream that open() prepares while it hashes: a packet of an Ethernet frame fits.
inline constexpr std::size_t stream_len = 1536;
static_assert(stream_len % group_len == 0);

inline void expand(key& k, const std::uint8_t* cipher_key, std::size_t cipher_key_len, const std::uint8_t* auth_key,
                   std::size_t auth_key_len) noexcept {
  cipher::expand(k.cipher, cipher_key, cipher_key_len);
  hmac_expand<&hash::compress>(k, auth_key, auth_key_len);
}

/// Loads in halves: the caller has just stored the IV in halves, and a wider load would wait for both to leave the
/// store queue.
SOTTO_ALWAYS_INLINE vec counters_from(const std::uint8_t* iv) noexcept {
  const __m128i block = _mm_unpacklo_epi64(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(iv)),
                                           _mm_loadl_epi64(reinterpret_cast<const __m128i*>(iv + 8)));
  return cipher::first_counters(kernels::aes::x86_aesni::swap_counter128(block));
}

/// The inner hash on its way through the packet.
struct progress {
  hash::chain chain;
  const std::uint8_t* at;
};

SOTTO_ALWAYS_INLINE void absorb_until(progress& hashed, const std::uint8_t* end) noexcept {
  const std::size_t blocks = static_cast<std::size_t>(end - hashed.at) / sha1::block_len;
  hash::absorb_blocks(hashed.chain, hashed.at, blocks);
  hashed.at += blocks * sha1::block_len;
}

/// The rest of the inner hash, from hashed.at to end and the suffix, and the whole outer hash (RFC 2104 section 2).
SOTTO_ALWAYS_INLINE hash::chain finish(const key& k, progress hashed, const std::uint8_t* end,
                                       const packet& p) noexcept {
  absorb_until(hashed, end);
  const auto rest = static_cast<std::size_t>(end - hashed.at);
  // FIPS 180-4 5.1.1: at most 63 bytes of rest, 4 of suffix, 1 and 8 of padding. No secrets: all of it goes on the
  // wire.
  std::uint8_t block[2 * sha1::block_len];
  for (std::size_t i = 0; i < sha1::block_len; i += vec_len) {
    cipher::store(block + i, rest <= i ? cipher::zero()
                                       : cipher::load_partial(hashed.at + i, rest - i < vec_len ? rest - i : vec_len));
    cipher::store(block + sha1::block_len + i, cipher::zero());
  }
  core::store_le32(block + rest, core::load_le32(p.suffix));
  block[rest + suffix_len] = 0x80;
  const std::size_t count = rest + suffix_len + 9 <= sha1::block_len ? 1 : 2;
  const std::uint64_t message_len = std::uint64_t{sha1::block_len} + p.header_len + p.text_len + suffix_len;
  core::store_be64(block + count * sha1::block_len - 8, message_len * 8);
  hash::absorb_blocks(hashed.chain, block, count);

  hash::chain outer = hash::load_chain(k.outer);
  hash::absorb(outer, hash::digest_message(hashed.chain));
  return outer;
}

/// RFC 3711 3.3, sender: encrypt, then authenticate.
inline void seal(const key& k, const packet& p, std::uint8_t* tag, std::size_t tag_len) noexcept {
  vec counters = counters_from(p.iv);
  progress hashed{hash::load_chain(k.inner), p.out - p.header_len};
  const std::uint8_t* in = p.in;
  std::uint8_t* out = p.out;
  std::size_t left = p.text_len;
  for (; left >= group_len; in += group_len, out += group_len, left -= group_len) {
    cipher::ctr_whole<cipher::group_vectors>(k.cipher, counters, in, out);
    absorb_until(hashed, out);
  }
  if (left != 0) cipher::ctr_text(k.cipher, counters, in, out, left);
  absorb_until(hashed, out);
  const hash::chain digest = finish(k, hashed, out + left, p);

  std::uint8_t bytes[sha1::digest_len];
  hash::store_digest(bytes, digest);
  core::copy(tag, bytes, tag_len);
  core::wipe(bytes, sizeof bytes);
}

/// The next group of key stream.
SOTTO_ALWAYS_INLINE void take_stream(const key& k, vec& counters, std::uint8_t* stream) noexcept {
  vec x[cipher::group_vectors];
  cipher::take_counters(x, counters);
  cipher::encrypt(x, k.cipher);
  SOTTO_UNROLL
  for (int i = 0; i < cipher::group_vectors; ++i) cipher::store(stream + static_cast<std::size_t>(i) * vec_len, x[i]);
}

SOTTO_ALWAYS_INLINE void xor_stream(const std::uint8_t* stream, const std::uint8_t* in, std::uint8_t* out,
                                    std::size_t len) noexcept {
  for (; len >= vec_len; stream += vec_len, in += vec_len, out += vec_len, len -= vec_len)
    cipher::store(out, cipher::bit_xor(cipher::load(stream), cipher::load(in)));
  if (len != 0) cipher::store_partial(out, cipher::bit_xor(cipher::load(stream), cipher::load_partial(in, len)), len);
}

SOTTO_ALWAYS_INLINE void wipe_stream(std::uint8_t* stream, std::size_t len) noexcept {
  for (std::size_t i = 0; i < len; i += vec_len) cipher::store(stream + i, cipher::zero());
#if defined(__GNUC__) || defined(__clang__)
  core::wipe(stream, 0);  // keeps the stores
#else
  core::wipe(stream, len);
#endif
}

/// RFC 3711 3.3, receiver: authenticate, then decrypt, with key stream that was made while the hash was waiting.
inline bool open(const key& k, const packet& p, const std::uint8_t* tag, std::size_t tag_len) noexcept {
  alignas(64) std::uint8_t stream[stream_len];
  vec counters = counters_from(p.iv);
  progress hashed{hash::load_chain(k.inner), p.in - p.header_len};
  const std::uint8_t* const end = p.in + p.text_len;
  const std::size_t streamed = p.text_len < stream_len ? p.text_len : stream_len;
  std::size_t made = 0;
  for (; made < streamed; made += group_len) {
    take_stream(k, counters, stream + made);
    absorb_until(hashed, p.in + made);
  }
  const hash::chain digest = finish(k, hashed, end, p);

  std::uint8_t expected[sha1::digest_len];
  hash::store_digest(expected, digest);
  const bool genuine = core::equal(expected, tag, tag_len);
  core::wipe(expected, sizeof expected);
  if (genuine) {
    xor_stream(stream, p.in, p.out, streamed);
    if (p.text_len > streamed)
      cipher::ctr_text(k.cipher, counters, p.in + streamed, p.out + streamed, p.text_len - streamed);
  }
  wipe_stream(stream, made);
  return genuine;
}
