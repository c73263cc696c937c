// SPDX-License-Identifier: BSL-1.0
// ChaCha20-Poly1305 as the grids of tests/support see it.
#pragma once

#include <cstdint>
#include <cstring>
#include <vector>

#include "sotto/kernels/chacha20_poly1305/select.hpp"
#include "support/runnable.hpp"

namespace chacha_test {

namespace chacha = sotto::kernels::chacha20_poly1305;

struct chacha20_poly1305 {
  using kernel = chacha::kernel;
  using key = chacha::key;
  static auto candidates() { return chacha::candidates(); }
  static inline const kernel& reference = support::reference(chacha::candidates());
  static void expand(const kernel&, key& to, const std::vector<std::uint8_t>& secret) {
    std::memcpy(to.bytes, secret.data(), sizeof to.bytes);
  }
};

inline chacha::key key_of(const std::vector<std::uint8_t>& secret) {
  chacha::key k;
  std::memcpy(k.bytes, secret.data(), sizeof k.bytes);
  return k;
}

}  // namespace chacha_test
