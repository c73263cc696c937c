// SPDX-License-Identifier: BSL-1.0
// Randomness from the operating system. Its failure is an error; nothing weaker ever stands in for it.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>

#include "abi.hpp"
#include "bytes.hpp"
#include "result.hpp"
#include "secret.hpp"

#if defined(_WIN32)
// Declared here so that users don't get <windows.h>; link with bcrypt.lib.
extern "C" __declspec(dllimport) long __stdcall BCryptGenRandom(void*, unsigned char*, unsigned long, unsigned long);
#if defined(_MSC_VER)
#pragma comment(lib, "bcrypt.lib")
#endif
#elif defined(__linux__)
#include <cerrno>
#include <sys/random.h>
#else
#include <unistd.h>
#if defined(__APPLE__)
#include <sys/random.h>
#endif
#endif

namespace sotto::inline SOTTO_ABI {

/// Fills a buffer with random bytes; what every function that needs randomness takes as a parameter.
template <class R>
concept random_source = requires(R& r, mutable_bytes out) {
  { r(out) }
  noexcept->std::same_as<result<void>>;
};

/// The operating system's generator (getrandom, getentropy or BCryptGenRandom). Stateless and thread-safe.
struct system_random {
  /// Fills all of out, or returns random_unavailable and leaves out zeroed. May block early at boot until the
  /// system's pool is initialised, never afterwards.
  result<void> operator()(mutable_bytes out) const noexcept {
    if (fill(out.data(), out.size())) return {};
    core::wipe(out.data(), out.size());
    return failure{error::random_unavailable};
  }

 private:
  static bool fill(std::uint8_t* p, std::size_t len) noexcept {
    // Every interface has some upper limit per call; 256 bytes is getentropy's.
    while (len != 0) {
      const std::size_t want = len < 256 ? len : 256;
#if defined(_WIN32)
      constexpr unsigned long use_system_preferred_rng = 2;
      if (BCryptGenRandom(nullptr, p, static_cast<unsigned long>(want), use_system_preferred_rng) != 0) return false;
      const std::size_t got = want;
#elif defined(__linux__)
      const auto n = ::getrandom(p, want, 0);
      if (n < 0 && errno == EINTR) continue;
      if (n <= 0) return false;
      const auto got = static_cast<std::size_t>(n);
#else
      if (::getentropy(p, want) != 0) return false;
      const std::size_t got = want;
#endif
      p += got;
      len -= got;
    }
    return true;
  }
};

}  // namespace sotto::inline SOTTO_ABI
