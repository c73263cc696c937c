// SPDX-License-Identifier: BSL-1.0
// One packet after another through an AEAD kernel. Results are compared with the portable kernel's: that also shows
// that the instruction models compute what they stand for.
#pragma once

#include <cstddef>
#include <cstdint>

#include "buffer.hpp"
#include "sotto/kernels/aead_packet.hpp"

namespace taint {

template <class Kernel, class Key>
void run_packets(const Kernel& kernel, const Key& key, const Kernel& reference, const Key& reference_key) {
  buffer nonce(12), aad(28), tail(4);
  for (const std::size_t aad_len : {std::size_t{0}, std::size_t{12}, std::size_t{28}})
    for (const std::size_t len : text_lens) {
      buffer text(len, buffer::hidden), sealed(len), tag(16), expected(len), expected_tag(16);
      const std::size_t tail_len = len % 2 == 0 ? 0 : 4;
      sotto::kernels::aead_packet plain{nonce.data(), aad.data(),  aad_len,       tail.data(),
                                        tail_len,     text.data(), sealed.data(), len};
      kernel.seal(key, plain, tag.data());
      insist_secret(sealed.data(), len);
      insist_secret(tag.data(), 16);
      plain.out = expected.data();
      reference.seal(reference_key, plain, expected_tag.data());
      insist(same(sealed, expected, len) && same(tag, expected_tag, 16));
      const sotto::kernels::aead_packet packet{nonce.data(), aad.data(),    aad_len,     tail.data(),
                                               tail_len,     sealed.data(), text.data(), len};
      insist(kernel.open(key, packet, tag.data()));
      tag.data()[3] ^= 1;
      insist(!kernel.open(key, packet, tag.data()));
    }
}

}  // namespace taint
