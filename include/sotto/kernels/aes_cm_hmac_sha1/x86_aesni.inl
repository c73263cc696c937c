// SPDX-License-Identifier: BSL-1.0
// For processors with AES-NI but without the SHA extensions: SHA-1 in plain registers is bound by the ALUs, so nothing
// would hide under it and the two parts simply follow one another.

namespace cipher = kernels::aes::x86_aesni;

inline void expand(key& k, const std::uint8_t* cipher_key, std::size_t cipher_key_len, const std::uint8_t* auth_key,
                   std::size_t auth_key_len) noexcept {
  cipher::expand(k.cipher, cipher_key, cipher_key_len);
  hmac_expand<&sha1::portable::compress>(k, auth_key, auth_key_len);
}

inline void seal(const key& k, const packet& p, std::uint8_t* tag, std::size_t tag_len) noexcept {
  cipher::ctr(k.cipher, p.iv, p.in, p.out, p.text_len);
  std::uint8_t digest[sha1::digest_len];
  mac<&sha1::portable::compress>(k, p.out - p.header_len, p.header_len + p.text_len, p.suffix, digest);
  core::copy(tag, digest, tag_len);
  core::wipe(digest, sizeof digest);
}

inline bool open(const key& k, const packet& p, const std::uint8_t* tag, std::size_t tag_len) noexcept {
  if (!verify<&sha1::portable::compress>(k, p, tag, tag_len)) return false;
  cipher::ctr(k.cipher, p.iv, p.in, p.out, p.text_len);
  return true;
}
