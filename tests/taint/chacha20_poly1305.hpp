// SPDX-License-Identifier: BSL-1.0
// Every operation of every ChaCha20-Poly1305 kernel on secret keys and secret texts, single packets and batches.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <iterator>

#include "aead.hpp"
#include "buffer.hpp"
#include "sotto/kernels/chacha20_poly1305/select.hpp"

namespace taint {

namespace chacha = sotto::kernels::chacha20_poly1305;

inline const chacha::kernel& chacha_reference() { return *chacha::candidates().back().kernel; }

inline void run_parts(const chacha::kernel& kernel, const chacha::key& key) {
  const chacha::kernel& reference = chacha_reference();
  buffer nonce(16);
  for (const std::size_t len : text_lens) {
    buffer in(len, buffer::hidden), out(len), expected(len);
    kernel.chacha20(key, 7, nonce.data(), in.data(), out.data(), len);
    insist_secret(out.data(), len);
    reference.chacha20(key, 7, nonce.data(), in.data(), expected.data(), len);
    insist(same(out, expected, len));

    buffer tag(16), expected_tag(16);
    kernel.poly1305(key.bytes, in.data(), len, tag.data());
    insist_secret(tag.data(), 16);
    reference.poly1305(key.bytes, in.data(), len, expected_tag.data());
    insist(same(tag, expected_tag, 16));
  }
  chacha::key subkey, expected;
  kernel.hchacha20(key, nonce.data(), subkey);
  insist_secret(subkey.bytes, sizeof subkey.bytes);
  reference.hchacha20(key, nonce.data(), expected);
  sotto_taint_public(&subkey, sizeof subkey);
  sotto_taint_public(&expected, sizeof expected);
  insist(std::memcmp(&subkey, &expected, sizeof subkey) == 0);
}

/// Each job with a key, lengths and a verdict of its own.
inline void run_batch(const chacha::kernel& kernel, std::size_t count) {
  constexpr std::size_t most = 18, longest = 300;
  buffer keys(most * 32, buffer::hidden), nonce(12), aad(28);
  buffer text(most * longest, buffer::hidden), sealed(most * longest), expected(most * longest);
  buffer tags(most * 16), expected_tags(most * 16);
  chacha::key key[most];
  chacha::job jobs[most];
  for (std::size_t i = 0; i < count; ++i) {
    std::memcpy(key[i].bytes, keys.data() + 32 * i, 32);
    const std::size_t at = i * longest, len = (i * 67 + count * 16) % (longest + 1);
    jobs[i] = {&key[i],
               {nonce.data(), aad.data(), i, nullptr, 0, text.data() + at, sealed.data() + at, len},
               tags.data() + 16 * i,
               false};
  }
  kernel.seal_batch(jobs, count);
  for (std::size_t i = 0; i < count; ++i) {
    insist_secret(jobs[i].packet.out, jobs[i].packet.text_len);
    insist_secret(jobs[i].tag, 16);
    sotto::kernels::aead_packet packet = jobs[i].packet;
    packet.out = expected.data() + i * longest;
    chacha_reference().seal(key[i], packet, expected_tags.data() + 16 * i);
  }
  sealed.publish();
  expected.publish();
  tags.publish();
  expected_tags.publish();
  insist(std::memcmp(tags.data(), expected_tags.data(), 16 * count) == 0);
  for (std::size_t i = 0; i < count; ++i) {
    auto& packet = jobs[i].packet;
    insist(packet.text_len == 0 || std::memcmp(packet.out, expected.data() + i * longest, packet.text_len) == 0);
    packet.in = packet.out;
    packet.out = text.data() + i * longest;
    if (i % 3 == 1) jobs[i].tag[i % 16] ^= 1;
  }
  kernel.open_batch(jobs, count);
  for (std::size_t i = 0; i < count; ++i) insist(jobs[i].authentic == (i % 3 != 1));
  sotto_taint_public(key, sizeof key);
}

inline void run(const chacha::kernel& kernel) {
  buffer secret(32, buffer::hidden);
  chacha::key key;
  std::memcpy(key.bytes, secret.data(), 32);
  run_packets(kernel, key, chacha_reference(), key);
  run_parts(kernel, key);
  for (std::size_t count = 0; count <= 18; ++count) run_batch(kernel, count);
  sotto_taint_public(&key, sizeof key);
}

}  // namespace taint
