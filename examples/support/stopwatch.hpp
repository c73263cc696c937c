// SPDX-License-Identifier: BSL-1.0
// Time of a single short call: serialised time stamps whose own cost is known, and percentiles of many.
#pragma once

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#if defined(__x86_64__) || defined(__i386__)
#include <cpuid.h>
#endif

namespace examples {

/// Reads x86's time-stamp counter between fences where it ticks evenly, std::chrono::steady_clock elsewhere.
class stopwatch {
 public:
  stopwatch() : counter_(has_even_counter()) {
    if (counter_) tick_ns_ = measure_tick();
    std::vector<std::uint64_t> empty(2001);
    for (auto& ticks : empty) {
      const auto start = now();
      ticks = now() - start;
    }
    std::nth_element(empty.begin(), empty.begin() + 1000, empty.end());
    cost_ = empty[1000];
    step_ = smallest_step();
  }

  std::uint64_t now() const noexcept {
#if defined(__x86_64__) || defined(__i386__)
    if (counter_) {
      // The fences keep the work between two readings there: without them the processor starts it before or ends it
      // after.
      std::uint32_t low, high;
      __asm__ volatile("lfence\n\trdtsc\n\tlfence" : "=a"(low), "=d"(high) : : "memory");
      return (std::uint64_t{high} << 32) | low;
    }
#endif
    const auto since = std::chrono::steady_clock::now().time_since_epoch();
    return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::nanoseconds>(since).count());
  }

  /// Nanoseconds of an interval between two readings, less the cost of reading.
  double ns(std::uint64_t ticks) const noexcept {
    return ticks > cost_ ? tick_ns_ * static_cast<double>(ticks - cost_) : 0;
  }
  double cost_ns() const noexcept { return tick_ns_ * static_cast<double>(cost_); }
  /// The clock's resolution; AMD's counters, for one, advance by many ticks at once.
  double step_ns() const noexcept { return tick_ns_ * static_cast<double>(step_); }
  const char* name() const noexcept { return counter_ ? "time-stamp counter" : "steady_clock"; }

 private:
  static bool has_even_counter() noexcept {
#if defined(__x86_64__) || defined(__i386__)
    unsigned a = 0, b = 0, c = 0, d = 0;
    return __get_cpuid(0x80000007u, &a, &b, &c, &d) != 0 && (d & 0x100u) != 0;
#else
    return false;
#endif
  }
  double measure_tick() const noexcept {
    using clock = std::chrono::steady_clock;
    const auto begin = clock::now();
    const auto first = now();
    clock::time_point end;
    do end = clock::now();
    while (end - begin < std::chrono::milliseconds(10));
    const auto ticks = now() - first;
    return std::chrono::duration<double, std::nano>(end - begin).count() / static_cast<double>(ticks == 0 ? 1 : ticks);
  }

  std::uint64_t smallest_step() const noexcept {
    std::uint64_t smallest = ~std::uint64_t{0}, before = now();
    for (int i = 0; i < 2000; ++i) {
      const std::uint64_t after = now();
      // A busy clock hides its steps behind the cost of reading; differences of intervals show them.
      const std::uint64_t interval = after - before;
      const std::uint64_t difference = interval > cost_ ? interval - cost_ : cost_ - interval;
      if (difference != 0) smallest = std::min(smallest, difference);
      before = after;
    }
    return smallest;
  }

  bool counter_;
  double tick_ns_ = 1;
  std::uint64_t cost_ = 0;
  std::uint64_t step_ = 0;
};

struct percentiles {
  double p50 = 0, p99 = 0, p999 = 0;
};

/// Nearest rank: each result is a time that occurred. Zeros without times.
inline percentiles percentiles_of(std::vector<std::uint64_t> times, const stopwatch& watch) {
  if (times.empty()) return {};
  std::sort(times.begin(), times.end());
  const auto rank = [&](double share) {
    const auto n = static_cast<std::size_t>(std::ceil(share * static_cast<double>(times.size())));
    return watch.ns(times[std::clamp<std::size_t>(n, 1, times.size()) - 1]);
  };
  return {rank(0.5), rank(0.99), rank(0.999)};
}

}  // namespace examples
