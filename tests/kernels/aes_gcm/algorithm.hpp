// SPDX-License-Identifier: BSL-1.0
// AES-GCM as the grids of tests/support see it.
#pragma once

#include <cstdint>
#include <vector>

#include "sotto/kernels/aes_gcm/select.hpp"
#include "support/runnable.hpp"

namespace gcm_test {

namespace gcm = sotto::kernels::aes_gcm;

struct aes_gcm {
  using kernel = gcm::kernel;
  using key = gcm::key;
  static auto candidates() { return gcm::candidates(); }
  static inline const kernel& reference = support::reference(gcm::candidates());
  static void expand(const kernel& k, key& to, const std::vector<std::uint8_t>& secret) {
    k.expand(to, secret.data(), secret.size());
  }
};

}  // namespace gcm_test
