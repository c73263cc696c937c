// SPDX-License-Identifier: BSL-1.0
// Every operation of every AES kernel, the stitched ones included, on secret keys and secret texts.
#pragma once

#include <cstddef>
#include <cstdint>

#include "aead.hpp"
#include "buffer.hpp"
#include "sotto/kernels/aes/select.hpp"
#include "sotto/kernels/aes_cm_hmac_sha1/select.hpp"
#include "sotto/kernels/aes_gcm/select.hpp"
#include "support/runnable.hpp"

namespace taint {

namespace k = sotto::kernels;

inline constexpr std::size_t key_lens[] = {16, 24, 32};

inline void run(const k::aes::kernel& kernel) {
  for (const std::size_t key_len : key_lens) {
    buffer secret(key_len, buffer::hidden), counter(16);
    k::aes::key key, reference;
    kernel.expand(key, secret.data(), key_len);
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
    buffer secret(key_len, buffer::hidden);
    k::aes_gcm::key key, reference;
    kernel.expand(key, secret.data(), key_len);
    support::reference(k::aes_gcm::candidates()).expand(reference, secret.data(), key_len);
    run_packets(kernel, key, support::reference(k::aes_gcm::candidates()), reference);
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
