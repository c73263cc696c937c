// SPDX-License-Identifier: BSL-1.0
// Secret and public memory for operations under the taint tools. What an observer sees anyway (nonces, headers,
// ciphertexts, tags, verdicts) is public.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#include "backend.hpp"
#include "msan_models.hpp"

namespace taint {

/// Lengths on both sides of every group size of the kernels.
inline constexpr std::size_t text_lens[] = {0, 1, 15, 16, 20, 63, 64, 65, 160, 255, 256, 300, 1200};

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

/// As insist, for an output that depends on secrets: if the tool lost sight of that, its silence means nothing. At
/// least a bit of every byte still counts as secret.
inline void insist_secret(const void* p, std::size_t len) {
  for (std::size_t i = 0; i < len; ++i) insist(sotto_taint_is_secret(static_cast<const std::uint8_t*>(p) + i));
}

}  // namespace taint
