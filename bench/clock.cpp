// SPDX-License-Identifier: BSL-1.0
// Calibration of the clock.
#include "clock.hpp"

#include <algorithm>
#include <cstdio>

namespace bench {

double calibration::ns_per_tick() const noexcept {
  const ticks now = start();
  const std::chrono::duration<double, std::nano> passed = std::chrono::steady_clock::now() - time_at_start_;
  return passed.count() / static_cast<double>(now - ticks_at_start_);
}

std::string calibration::description() const {
  const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - time_at_start_;
  char text[128];
  std::snprintf(text, sizeof text, "%s at %.1f MHz, calibrated against the steady clock over %.1f s",
                BENCH_HAS_TSC ? "time-stamp counter (lfence rdtsc lfence / rdtscp lfence)" : "steady clock",
                1e3 / ns_per_tick(), passed.count());
  return text;
}

double core_ghz([[maybe_unused]] double ns_per_tick) noexcept {
#if BENCH_HAS_TSC && defined(__x86_64__)
  // imul takes 3 cycles on every processor with AES-NI; additions of constants are no measure, some never execute them.
  constexpr int count = 10000;
  constexpr double cycles_each = 3, chain = 10;
  ticks best = ~ticks{0};
  for (int attempt = 0; attempt < 50; ++attempt) {
    std::uint64_t x = 3;
    const ticks begin = start();
    for (int i = 0; i < count; ++i)
      __asm__ volatile(
          "imul %0, %0\n\timul %0, %0\n\timul %0, %0\n\timul %0, %0\n\timul %0, %0\n\t"
          "imul %0, %0\n\timul %0, %0\n\timul %0, %0\n\timul %0, %0\n\timul %0, %0"
          : "+r"(x)
          :
          : "cc");
    best = std::min(best, stop() - begin);
  }
  return count * chain * cycles_each / (static_cast<double>(best) * ns_per_tick);
#else
  return 0;
#endif
}

}  // namespace bench
