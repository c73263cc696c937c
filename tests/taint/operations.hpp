// SPDX-License-Identifier: BSL-1.0
// Every operation of every kernel on secret keys and secret texts. What an observer sees anyway (nonces, headers,
// ciphertexts, tags, verdicts) is public.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#include "backend.hpp"
#include "msan_models.hpp"
#include "sotto/kernels/aes/select.hpp"
#include "sotto/kernels/aes_cm_hmac_sha1/select.hpp"
#include "sotto/kernels/aes_gcm/select.hpp"
#include "sotto/kernels/sha1/select.hpp"

namespace taint {

namespace k = sotto::kernels;

/// Lengths on both sides of every group size of the kernels.
inline constexpr std::size_t text_lens[] = {0, 1, 15, 16, 20, 63, 64, 65, 160, 255, 256, 300, 1200};
inline constexpr std::size_t key_lens[] = {16, 24, 32};

/// Bytes that are secret, or public, until they end.
class buffer {
 public:
  enum kind { open_to_all, hidden };
  explicit buffer(std::size_t len, kind what = open_to_all) : bytes_(len + 1) {  // never null
    for (std::size_t i = 0; i < len; ++i) bytes_[i] = static_cast<std::uint8_t>(i * 151 + 7);
    if (what == hidden) hide();
  }
  buffer(const buffer&) = delete;
  buffer& operator=(const buffer&) = delete;
  ~buffer() { publish(); }
  std::uint8_t* data() { return bytes_.data(); }
  void hide() { sotto_taint_secret(bytes_.data(), bytes_.size()); }
  void publish() { sotto_taint_public(bytes_.data(), bytes_.size()); }

 private:
  std::vector<std::uint8_t> bytes_;
};

/// Ends the process if an operation gave a wrong verdict: taint checks of a broken kernel mean nothing.
inline void insist(bool right) {
  if (!right) __builtin_trap();
}

/// True if both hold the same; what they hold becomes public.
inline bool same(buffer& a, buffer& b, std::size_t len) {
  a.publish();
  b.publish();
  return std::memcmp(a.data(), b.data(), len) == 0;
}

// Results are compared with the portable kernel's: it also shows that the instruction models compute what they stand
// for.

inline void run(const k::aes::kernel& kernel) {
  for (const std::size_t key_len : key_lens) {
    buffer secret(key_len, buffer::hidden), counter(16);
    k::aes::key key;
    kernel.expand(key, secret.data(), key_len);
    k::aes::key reference;
    k::aes::portable::expand(reference, secret.data(), key_len);
    for (const std::size_t len : text_lens) {
      buffer in(len, buffer::hidden), out(len), blocks(len), expected(len), expected_blocks(len);
      kernel.ctr(key, counter.data(), in.data(), out.data(), len);
      kernel.encrypt_blocks(key, in.data(), blocks.data(), len / 16);
      k::aes::portable::ctr(reference, counter.data(), in.data(), expected.data(), len);
      k::aes::portable::encrypt_blocks(reference, in.data(), expected_blocks.data(), len / 16);
      insist(same(out, expected, len) && same(blocks, expected_blocks, len));
    }
  }
}

inline void run(const k::aes_gcm::kernel& kernel) {
  for (const std::size_t key_len : key_lens) {
    buffer secret(key_len, buffer::hidden), nonce(12), aad(28), tail(4);
    k::aes_gcm::key key;
    kernel.expand(key, secret.data(), key_len);
    k::aes_gcm::key reference;
    k::aes_gcm::portable::table.expand(reference, secret.data(), key_len);
    for (const std::size_t aad_len : {std::size_t{0}, std::size_t{12}, std::size_t{28}})
      for (const std::size_t len : text_lens) {
        buffer text(len, buffer::hidden), sealed(len), tag(16), expected(len), expected_tag(16);
        const std::size_t tail_len = len % 2 == 0 ? 0 : 4;
        k::aead_packet plain{nonce.data(), aad.data(), aad_len, tail.data(), tail_len, text.data(), sealed.data(), len};
        kernel.seal(key, plain, tag.data());
        plain.out = expected.data();
        k::aes_gcm::portable::table.seal(reference, plain, expected_tag.data());
        insist(same(sealed, expected, len) && same(tag, expected_tag, 16));
        const k::aead_packet packet{nonce.data(), aad.data(),    aad_len,     tail.data(),
                                    tail_len,     sealed.data(), text.data(), len};
        insist(kernel.open(key, packet, tag.data()));
        tag.data()[3] ^= 1;
        insist(!kernel.open(key, packet, tag.data()));
      }
  }
}

inline void run(const k::sha1::kernel& kernel) {
  for (std::size_t count = 0; count < 5; ++count) {
    buffer blocks(count * 64, buffer::hidden);
    k::sha1::state state = k::sha1::initial_state, expected = state;
    sotto_taint_secret(&state, sizeof state);
    kernel.compress(state, blocks.data(), count);
    k::sha1::portable::compress(expected, blocks.data(), count);
    sotto_taint_public(&state, sizeof state);
    sotto_taint_public(&expected, sizeof expected);
    insist(std::memcmp(&state, &expected, sizeof state) == 0);
  }
}

inline void run(const k::aes_cm_hmac_sha1::kernel& kernel) {
  for (const std::size_t key_len : key_lens) {
    buffer cipher(key_len, buffer::hidden), auth(20, buffer::hidden), iv(16), suffix(4);
    iv.data()[14] = iv.data()[15] = 0;
    k::aes_cm_hmac_sha1::key key;
    kernel.expand(key, cipher.data(), key_len, auth.data(), 20);
    k::aes_cm_hmac_sha1::key reference;
    k::aes_cm_hmac_sha1::portable::expand(reference, cipher.data(), key_len, auth.data(), 20);
    for (const std::size_t header_len : {std::size_t{0}, std::size_t{12}, std::size_t{72}})
      for (const std::size_t len : text_lens) {
        buffer text(len, buffer::hidden), packet(header_len + len), tag(10), expected(header_len + len),
            expected_tag(10);
        std::uint8_t* body = packet.data() + header_len;
        kernel.seal(key, {iv.data(), suffix.data(), text.data(), body, header_len, len}, tag.data(), 10);
        k::aes_cm_hmac_sha1::portable::seal(
            reference, {iv.data(), suffix.data(), text.data(), expected.data() + header_len, header_len, len},
            expected_tag.data(), 10);
        insist(same(packet, expected, header_len + len) && same(tag, expected_tag, 10));
        const k::aes_cm_hmac_sha1::packet sealed{iv.data(), suffix.data(), body, text.data(), header_len, len};
        insist(kernel.open(key, sealed, tag.data(), 10));
        tag.data()[3] ^= 1;
        insist(!kernel.open(key, sealed, tag.data(), 10));
      }
  }
}

}  // namespace taint
