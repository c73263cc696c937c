// SPDX-License-Identifier: BSL-1.0
// The clock: serialised reads of the processor's time-stamp counter, and how long its ticks are.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#if defined(__x86_64__) || defined(__i386__)
#include <x86intrin.h>
#define BENCH_HAS_TSC 1
#else
#define BENCH_HAS_TSC 0
#endif

namespace bench {

using ticks = std::uint64_t;

#if BENCH_HAS_TSC
// The fences keep earlier work out of the interval and the measured work inside it: rdtsc alone may move either way.
inline ticks start() noexcept {
  _mm_lfence();
  const ticks t = __rdtsc();
  _mm_lfence();
  return t;
}
/// rdtscp waits for the work before it; the fence holds back the work behind it.
inline ticks stop() noexcept {
  unsigned processor;
  const ticks t = __rdtscp(&processor);
  _mm_lfence();
  return t;
}
#else
inline ticks start() noexcept {
  return static_cast<ticks>(std::chrono::steady_clock::now().time_since_epoch().count());
}
inline ticks stop() noexcept { return start(); }
#endif

/// Learns the length of a tick from the steady clock, over the time from its construction to the question: the longer
/// the better, so it lives as long as the measurements.
class calibration {
 public:
  calibration() noexcept : ticks_at_start_(start()), time_at_start_(std::chrono::steady_clock::now()) {}
  double ns_per_tick() const noexcept;
  /// What the clock is and how it was calibrated, to print.
  std::string description() const;

 private:
  ticks ticks_at_start_;
  std::chrono::steady_clock::time_point time_at_start_;
};

/// The frequency that the core really runs at, in GHz, by a chain of dependent instructions of known latency; 0 where
/// no such chain is known.
double core_ghz(double ns_per_tick) noexcept;

}  // namespace bench
