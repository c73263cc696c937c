// SPDX-License-Identifier: BSL-1.0
// Cost and latency of one packet operation: what a row is, how it is timed, and the interleaved run of a table's rows.
#pragma once

#include <benchmark/benchmark.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "clock.hpp"
#include "packets.hpp"

namespace bench {

/// One line of a table, and the samples taken for it.
class row {
 public:
  row(std::string name, std::string kernel) : name_(std::move(name)), kernel_(std::move(kernel)) {}
  virtual ~row() = default;
  row(const row&) = delete;
  row& operator=(const row&) = delete;

  const std::string& name() const noexcept { return name_; }
  const std::string& kernel() const noexcept { return kernel_; }

  /// Runs once around the ring and compares every result with what it must be.
  virtual bool check(const ring&) = 0;
  /// Runs around the ring: untimed, as one group, packet by packet.
  virtual void warm_up(const ring&) = 0;
  virtual void sample_cost(const ring&) = 0;
  virtual void sample_latency(const ring&) = 0;

  std::vector<ticks>& groups() noexcept { return groups_; }
  std::vector<ticks>& singles() noexcept { return singles_; }
  /// Calls that reported an error; the number alone is also what keeps the calls from being optimised away.
  std::size_t failures() const noexcept { return failures_; }

 protected:
  std::vector<ticks> groups_;   // ring_size packets each
  std::vector<ticks> singles_;  // one packet each
  std::size_t failures_ = 0;

 private:
  std::string name_;
  std::string kernel_;
};

/// A row around an operation, which the timed loops inline as a user's loop would. An operation has
///   void refill(const ring&, std::uint64_t first_index)           packets never seen before into the ring; not timed
///   bool run(const ring&, std::size_t i)                          the measured call on buffer i; false: it failed
///   bool right(const ring&, std::size_t i, std::uint64_t index)   whether buffer i now holds what it must
template <class Operation>
class timed_row final : public row {
 public:
  template <class... Args>
  timed_row(std::string name, std::string kernel, Args&&... args)
      : row(std::move(name), std::move(kernel)), operation_(std::forward<Args>(args)...) {}

  bool check(const ring& packets) override {
    const std::uint64_t first = next_index_;
    refill(packets);
    for (std::size_t i = 0; i < ring_size; ++i)
      if (!operation_.run(packets, i)) return false;
    for (std::size_t i = 0; i < ring_size; ++i)
      if (!operation_.right(packets, i, first + i)) return false;
    return true;
  }

  void warm_up(const ring& packets) override {
    refill(packets);
    run_all(packets);
  }

  void sample_cost(const ring& packets) override {
    refill(packets);
    const ticks begin = start();
    run_all(packets);
    groups_.push_back(stop() - begin);
  }

  void sample_latency(const ring& packets) override {
    refill(packets);
    for (std::size_t i = 0; i < ring_size; ++i) {
      const ticks begin = start();
      const bool ok = operation_.run(packets, i);
      singles_.push_back(stop() - begin);
      failures_ += ok ? 0 : 1;
    }
  }

 private:
  void refill(const ring& packets) {
    operation_.refill(packets, next_index_);
    next_index_ += ring_size;
  }
  void run_all(const ring& packets) noexcept {
    std::size_t failed = 0;
    for (std::size_t i = 0; i < ring_size; ++i) {
      failed += operation_.run(packets, i) ? 0 : 1;
      benchmark::ClobberMemory();
    }
    failures_ += failed;
  }

  Operation operation_;
  std::uint64_t next_index_ = 0;
};

enum class direction { protect, unprotect };
constexpr const char* name(direction d) noexcept { return d == direction::protect ? "protect" : "unprotect"; }
constexpr const char* bare_name(direction d) noexcept { return d == direction::protect ? "seal" : "open"; }

/// Rows that are compared with one another: one direction, one payload size, one ring.
struct table {
  table(direction d, std::size_t payload_len) : way(d), packets(payload_len) {}

  /// Adds the row <library>/<verb>/<algorithm>/<payload length>.
  template <class Operation, class... Args>
  void add(const std::string& library, const std::string& verb, const std::string& algorithm, std::string kernel,
           Args&&... args) {
    rows.push_back(std::make_unique<timed_row<Operation>>(
        library + '/' + verb + '/' + algorithm + '/' + std::to_string(packets.payload_len()), std::move(kernel),
        std::forward<Args>(args)...));
  }

  direction way;
  ring packets;
  std::vector<std::unique_ptr<row>> rows;
  std::set<std::string> remarks;  ///< on rows that are missing, and why
};

/// The second of two equal rows: its distance from the first is noise.
inline constexpr char twin_prefix[] = "again/";

/// A row's numbers, in nanoseconds per packet, the timer's own cost taken off.
struct statistics {
  std::string name;
  std::string kernel;
  double cost;                                    ///< p50 over groups
  double latency_p50, latency_p99, latency_p999;  ///< single packets
};

struct table_result {
  direction way;
  std::size_t payload_len;
  double timer;       ///< ns between two reads of the clock with nothing between them
  double clock_step;  ///< ns that the clock advances at once: latencies are no finer
  double noise_cost;  ///< largest relative difference between the costs of twins
  double noise_p50;   ///< the same of the latencies' p50
  std::vector<statistics> rows;

  const statistics* find(const std::string& row_name) const noexcept;
};

/// Checks every row once, then runs them in turns, in another order each round, so that drift and interruptions hit all
/// alike. Throws std::runtime_error if a row's output is wrong or a call fails.
void run(table&, std::size_t rounds);

/// Consumes the samples.
table_result evaluate(table&, double ns_per_tick);

}  // namespace bench
