// SPDX-License-Identifier: BSL-1.0
// SFrame over secret keys and plaintexts: its AEAD with short tags on one SHA-256 kernel, and whole frames. What is
// sent is public: it is the comparison with a guessed tag that must not tell how much of the guess is right.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "buffer.hpp"
#include "sotto/sframe.hpp"
#include "support/runnable.hpp"

namespace taint {

inline void run_aes_ctr_hmac(const sotto::kernels::sha256::kernel& kernel) {
  using aead = sotto::sframe::aes_ctr_hmac_sha256;
  buffer key(aead::key_len, buffer::hidden), nonce_bytes(aead::nonce_len), aad(20);
  const aead::nonce nonce{std::span<const std::uint8_t, aead::nonce_len>(nonce_bytes.data(), aead::nonce_len)};
  const sotto::const_bytes additional(aad.data(), 20);
  for (const std::size_t tag_len : {std::size_t{4}, std::size_t{8}, std::size_t{10}}) {
    const auto made = aead::create({key.data(), aead::key_len}, tag_len,
                                   support::reference(sotto::kernels::aes::candidates()), kernel);
    insist(made.has_value());
    for (const std::size_t len : text_lens) {
      buffer text(len, buffer::hidden), sealed(len + tag_len), opened(len);
      insist(made->seal(nonce, additional, {text.data(), len}, {sealed.data(), len + tag_len}).has_value());
      insist_secret(sealed.data(), len + tag_len);
      sealed.publish();
      const sotto::const_bytes wire(sealed.data(), len + tag_len);
      insist(made->open(nonce, additional, wire, {opened.data(), len}).has_value());
      insist(same(text, opened, len));
      sealed.data()[len + tag_len - 1] ^= 1;
      insist(!made->open(nonce, additional, wire, {opened.data(), len}).has_value());
    }
  }
}

/// From base keys, on the kernels that this machine chooses.
inline void run_frames() {
  namespace sframe = sotto::sframe;
  for (const auto s : sframe::cipher_suites) {
    buffer key(32, buffer::hidden);
    const auto base = [&] { return sframe::base_key::create({key.data(), 32}).value(); };
    auto tx = sframe::ratchet_sender::create(s, 1, base(), sframe::step_bits(4)).value();
    auto rx = sframe::ratchet_receiver::create(s, tx.kid(), base()).value();
    for (const std::size_t len : text_lens) {
      buffer text(len, buffer::hidden), frame(len + sframe::max_overhead), opened(len);
      insist(tx.ratchet().has_value());
      const auto wire = tx.protect({text.data(), len}, {frame.data(), len + sframe::max_overhead});
      insist(wire.has_value());
      frame.publish();
      frame.data()[wire->size() - 1] ^= 1;
      insist(!rx.unprotect(*wire, sotto::mutable_bytes(opened.data(), len)).has_value());
      frame.data()[wire->size() - 1] ^= 1;
      insist(rx.unprotect(*wire, sotto::mutable_bytes(opened.data(), len)).has_value());
      insist(same(text, opened, len));
    }
  }
}

}  // namespace taint
