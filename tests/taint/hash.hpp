// SPDX-License-Identifier: BSL-1.0
// Each hash over secrets, its HMAC and its HKDF, and on SHA-256 what SFrame makes of it. A whole tag is public: it is
// the comparison with a guess that must not tell how much of the guess is right.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include "buffer.hpp"
#include "sframe.hpp"
#include "sotto/crypto/hkdf.hpp"
#include "support/runnable.hpp"

namespace taint {

template <class Hash>
void run_hash(const typename Hash::kernel& kernel, const typename Hash::kernel& reference,
              const typename Hash::state& initial) {
  for (std::size_t count = 1; count < 5; ++count) {
    buffer blocks(count * Hash::block_len, buffer::hidden);
    auto state = initial, expected = initial;
    kernel.compress(state, blocks.data(), count);
    insist_secret(&state, sizeof state);
    reference.compress(expected, blocks.data(), count);
    sotto_taint_public(&state, sizeof state);
    sotto_taint_public(&expected, sizeof expected);
    insist(std::memcmp(&state, &expected, sizeof state) == 0);
  }

  constexpr std::size_t tag_len = Hash::digest_len;
  using kdf = sotto::crypto::hkdf<Hash>;
  for (const std::size_t len : text_lens) {
    buffer bytes(len, buffer::hidden), tag(tag_len), guess(tag_len);
    const sotto::const_bytes secret(bytes.data(), len);
    const sotto::crypto::hmac<Hash> mac(secret, kernel);
    mac.compute(secret, std::span<std::uint8_t, tag_len>(tag.data(), tag_len));
    if (len != 0) insist_secret(tag.data(), tag_len);
    tag.publish();
    insist(mac.verify(secret, {tag.data(), tag_len}).has_value());
    insist(!mac.verify(secret, {guess.data(), tag_len}).has_value());

    buffer out(100), expected(100);
    const sotto::crypto::hkdf_input input(secret);
    const sotto::crypto::hkdf_info info("label");
    insist(kdf::expand(kdf::extract({}, input, kernel), info, {out.data(), 100}).has_value());
    if (len != 0) insist_secret(out.data(), 100);
    insist(kdf::expand(kdf::extract({}, input, reference), info, {expected.data(), 100}).has_value());
    insist(same(out, expected, 100));
  }
}

inline void run(const sotto::kernels::sha1::kernel& kernel) {
  namespace h = sotto::kernels::sha1;
  run_hash<sotto::crypto::sha1>(kernel, support::reference(h::candidates()), h::initial_state);
}
inline void run(const sotto::kernels::sha256::kernel& kernel) {
  namespace h = sotto::kernels::sha256;
  run_hash<sotto::crypto::sha256>(kernel, support::reference(h::candidates()), h::initial_state);
  run_aes_ctr_hmac(kernel);
}
inline void run(const sotto::kernels::sha512::kernel& kernel) {
  namespace h = sotto::kernels::sha512;
  run_hash<sotto::crypto::sha512>(kernel, support::reference(h::candidates()), h::initial_state);
}

}  // namespace taint
