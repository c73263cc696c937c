// SPDX-License-Identifier: BSL-1.0
// Printing of tables and bars.
#include "table.hpp"

#include <cmath>
#include <cstdio>

namespace bench {

void print(const table_result& t) {
  const task_words w = words(t.what);
  std::printf("\n%s", w.name);
  if (w.input != nullptr) std::printf(", %zu bytes of %s", t.payload_len, w.input);
  std::printf(": ns per %s\n", w.unit);
  std::printf("  %-50s %9s   %9s %9s %9s\n", "", "cost", "latency", "", "");
  std::printf("  %-50s %9s   %9s %9s %9s  %s\n", "", "p50", "p50", "p99", "p99.9", "kernel");
  for (const statistics& s : t.rows)
    std::printf("  %-50s %9.1f   %9.1f %9.1f %9.1f  %s\n", s.name.c_str(), s.cost, s.latency_p50, s.latency_p99,
                s.latency_p999, s.kernel.c_str());
  std::printf("  cost over %zu groups of %zu\n", t.groups, t.group_size);
  std::printf("  timer's own cost, taken off: %.1f ns; the clock's step: %.1f ns\n", t.timer, t.clock_step);
  std::printf("  A/A noise: cost %.1f %%, latency p50 %.1f %%\n", 100 * t.noise_cost, 100 * t.noise_p50);
}

bool fits(machine on, sotto::cpu::feature_set available) noexcept {
  const auto has = [available](std::uint32_t feature) { return available.contains(sotto::cpu::feature_set(feature)); };
  switch (on) {
    case machine::any: return true;
    case machine::avx512: return has(SOTTO_ISA_AVX512) && has(SOTTO_ISA_IFMA);
    case machine::avx2: return has(SOTTO_ISA_AVX2) && !has(SOTTO_ISA_AVX512);
  }
  return false;
}

verdict judge(const bar& b, const std::vector<table_result>& tables) {
  for (const table_result& t : tables) {
    const statistics* row = t.find(b.row);
    if (row == nullptr) continue;
    const statistics* yardstick = t.find(b.yardstick);
    if (yardstick == nullptr) return {outcome::missed, "UNMET (no such row: peer missing, or filtered out)"};
    const double ratio = row->cost / yardstick->cost;
    const bool met = ratio <= b.limit;
    char text[96];
    std::snprintf(text, sizeof text, "%.3f (at most %.2f): %s%s", ratio, b.limit, met ? "met" : "NOT met",
                  std::abs(ratio / b.limit - 1) < t.noise_cost ? ", but within the noise" : "");
    return {met ? outcome::met : outcome::missed, text};
  }
  return {outcome::unmeasured, "not measured"};
}

}  // namespace bench
