// SPDX-License-Identifier: BSL-1.0
// The interleaved run of a table's rows, and the statistics of its samples.
#include "measure.hpp"

#include <algorithm>
#include <cmath>
#include <random>
#include <stdexcept>

namespace bench {
namespace {

/// What the clock itself costs, measured like any other row.
struct nothing {
  void refill(const ring&, std::uint64_t) noexcept {}
  bool run(const ring&, std::size_t) noexcept { return true; }
  bool right(const ring&, std::size_t, std::uint64_t) noexcept { return true; }
};
constexpr char timer_name[] = "timer";

/// What this share of all samples doesn't exceed. A clock that advances by many ticks at once leaves few different
/// samples: equal ones are taken as spread evenly over its step, as in the median of grouped data.
double percentile(const std::vector<ticks>& sorted, double share, ticks step) {
  const double rank = share * static_cast<double>(sorted.size());
  const ticks value = sorted[std::min(static_cast<std::size_t>(rank), sorted.size() - 1)];
  const auto [first, last] = std::equal_range(sorted.begin(), sorted.end(), value);
  const double within = (rank - static_cast<double>(first - sorted.begin())) / static_cast<double>(last - first);
  return static_cast<double>(value) + (within - 0.5) * static_cast<double>(step);
}

double median(std::vector<ticks>& samples, ticks step) {
  std::sort(samples.begin(), samples.end());
  return percentile(samples, 0.5, step);
}

/// By how many ticks the clock advances at once: the smallest distance between values that many samples have. Rare
/// values come from interruptions, and the host of a virtual machine may move the counter by any amount.
ticks clock_step(const std::vector<ticks>& sorted) {
  ticks step = 0;
  const ticks* previous = nullptr;
  for (auto at = sorted.begin(); at != sorted.end();) {
    const auto next = std::upper_bound(at, sorted.end(), *at);
    if (static_cast<std::size_t>(next - at) * 50 >= sorted.size()) {
      if (previous != nullptr && (step == 0 || *at - *previous < step)) step = *at - *previous;
      previous = &*at;
    }
    at = next;
  }
  return std::max<ticks>(step, 1);
}

double relative_difference(double a, double b) { return std::abs(a - b) / std::min(a, b); }

}  // namespace

const statistics* table_result::find(const std::string& row_name) const noexcept {
  const auto at = std::find_if(rows.begin(), rows.end(), [&](const statistics& s) { return s.name == row_name; });
  return at == rows.end() ? nullptr : &*at;
}

void run(table& t, std::size_t rounds) {
  // Each visit warms up first, to bring code and branch history back.
  constexpr std::size_t turns_per_visit = 2;
  t.rows.push_back(std::make_unique<timed_row<nothing>>(timer_name, ""));
  for (const auto& r : t.rows) {
    if (!r->check(t.packets)) throw std::runtime_error(r->name() + ": wrong output");
    r->groups().reserve(rounds * turns_per_visit);
    r->singles().reserve(rounds * turns_per_visit * t.packets.size());
  }

  std::mt19937 random(1);
  std::vector<row*> order;
  for (const auto& r : t.rows) order.push_back(r.get());
  const std::size_t warm_up_rounds = 1 + rounds / 20;
  for (std::size_t round = 0; round < warm_up_rounds + rounds; ++round) {
    std::shuffle(order.begin(), order.end(), random);
    for (row* r : order) {
      r->warm_up(t.packets);
      if (round < warm_up_rounds) continue;
      for (std::size_t turn = 0; turn < turns_per_visit; ++turn) {
        r->sample_cost(t.packets);
        r->sample_latency(t.packets);
      }
    }
  }
  for (const auto& r : t.rows)
    if (r->failures() != 0) throw std::runtime_error(r->name() + ": a call failed while it was measured");
}

table_result evaluate(table& t, double ns_per_tick) {
  // run() put the timer's row behind all others.
  std::vector<ticks>& timer_samples = t.rows.back()->singles();
  std::sort(timer_samples.begin(), timer_samples.end());
  const ticks step = clock_step(timer_samples);
  const double timer = percentile(timer_samples, 0.5, step);
  table_result result{};
  result.what = t.what;
  result.suffix = t.suffix();
  result.payload_len = t.packets.payload_len();
  result.group_size = t.packets.size();
  result.groups = t.rows.back()->groups().size();
  result.timer = timer * ns_per_tick;
  result.clock_step = static_cast<double>(step) * ns_per_tick;
  for (const auto& r : t.rows) {
    if (r == t.rows.back()) break;
    const double group = median(r->groups(), step);
    std::vector<ticks>& singles = r->singles();
    std::sort(singles.begin(), singles.end());
    const auto single = [&](double share) { return (percentile(singles, share, step) - timer) * ns_per_tick; };
    const double cost = (group - timer) / static_cast<double>(result.group_size) * ns_per_tick;
    result.rows.push_back({r->name(), r->kernel(), cost, single(0.5), single(0.99), single(0.999)});
    r->groups() = {};
    r->singles() = {};
  }
  for (const statistics& again : result.rows) {
    if (!again.name.starts_with(twin_prefix)) continue;
    const statistics* first = result.find(again.name.substr(sizeof twin_prefix - 1));
    if (first == nullptr) continue;
    result.noise_cost = std::max(result.noise_cost, relative_difference(first->cost, again.cost));
    result.noise_p50 = std::max(result.noise_p50, relative_difference(first->latency_p50, again.latency_p50));
  }
  return result;
}

}  // namespace bench
