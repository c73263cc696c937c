// SPDX-License-Identifier: BSL-1.0
// Cost and latency of one operation: what a row is, how it is timed, and the interleaved run of a table's rows.
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
  /// Runs around the ring: untimed, as one group, call by call.
  virtual void warm_up(const ring&) = 0;
  virtual void sample_cost(const ring&) = 0;
  virtual void sample_latency(const ring&) = 0;

  std::vector<ticks>& groups() noexcept { return groups_; }
  std::vector<ticks>& singles() noexcept { return singles_; }
  /// Calls that reported an error; the number alone is also what keeps the calls from being optimised away.
  std::size_t failures() const noexcept { return failures_; }

 protected:
  std::vector<ticks> groups_;   // the whole ring each
  std::vector<ticks> singles_;  // one call each
  std::size_t failures_ = 0;

 private:
  std::string name_;
  std::string kernel_;
};

/// A row around an operation, which the timed loops inline as a user's loop would. An operation has
///   void refill(const ring&, std::uint64_t first_index)           packets never seen before into the ring; not timed
///   bool run(const ring&, std::size_t i)                          the measured call on buffer i; false: it failed
///   bool right(const ring&, std::size_t i, std::uint64_t index)   whether buffer i now holds what it must
/// and, if its call handles several buffers from i on, their number per_call.
template <class Operation>
constexpr std::size_t per_call() noexcept {
  if constexpr (requires { Operation::per_call; }) return Operation::per_call;
  return 1;
}

template <class Operation>
class timed_row final : public row {
 public:
  template <class... Args>
  timed_row(std::string name, std::string kernel, Args&&... args)
      : row(std::move(name), std::move(kernel)), operation_(std::forward<Args>(args)...) {}

  bool check(const ring& packets) override {
    const std::uint64_t first = next_index_;
    refill(packets);
    for (std::size_t i = 0; i < packets.size(); i += step)
      if (!operation_.run(packets, i)) return false;
    for (std::size_t i = 0; i < packets.size(); ++i)
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
    for (std::size_t i = 0; i < packets.size(); i += step) {
      const ticks begin = start();
      const bool ok = operation_.run(packets, i);
      singles_.push_back(stop() - begin);
      failures_ += ok ? 0 : 1;
    }
  }

 private:
  static constexpr std::size_t step = per_call<Operation>();

  void refill(const ring& packets) {
    operation_.refill(packets, next_index_);
    next_index_ += packets.size();
  }
  void run_all(const ring& packets) noexcept {
    std::size_t failed = 0;
    for (std::size_t i = 0; i < packets.size(); i += step) {
      failed += operation_.run(packets, i) ? 0 : 1;
      benchmark::ClobberMemory();
    }
    failures_ += failed;
  }

  Operation operation_;
  std::uint64_t next_index_ = 0;
};

/// What a table's rows do with each buffer. Protecting and unprotecting have the bare AES-GCM beside them; seal and
/// open are ChaCha20-Poly1305's.
enum class task {
  protect,
  unprotect,
  seal,
  open,
  agree,
  public_key,
  hash,
  derive,
  handshake,
  protect_frame,
  unprotect_frame,
};

/// How a task is spoken of: its name, what its rows take if that comes in several lengths, what a number counts.
struct task_words {
  const char* name;
  const char* input;
  const char* unit;
};
constexpr task_words words(task t) noexcept {
  switch (t) {
    case task::protect: return {"protect", "payload", "packet"};
    case task::unprotect: return {"unprotect", "payload", "packet"};
    case task::seal: return {"seal", "payload", "packet"};
    case task::open: return {"open", "payload", "packet"};
    case task::agree: return {"agree", nullptr, "agreement"};
    case task::public_key: return {"public_key", nullptr, "key"};
    case task::hash: return {"hash", "message", "message"};
    case task::derive: return {"derive", nullptr, "key"};
    case task::handshake: return {"handshake", nullptr, "handshake"};
    case task::protect_frame: return {"protect_frame", "plaintext", "frame"};
    case task::unprotect_frame: return {"unprotect_frame", "plaintext", "frame"};
  }
  return {"", nullptr, ""};
}

/// Rows that are compared with one another: one task, one payload size, one ring.
struct table {
  /// Agreements, and handshakes even more, take so long that a group of 64 would rarely go undisturbed.
  table(task t, std::size_t payload_len)
      : what(t),
        packets(payload_len, t == task::handshake                        ? 4
                             : t == task::agree || t == task::public_key ? 16
                                                                         : max_ring_size) {}

  /// Whether packets are protected or sealed, rather than the reverse.
  bool encrypts() const noexcept { return what == task::protect || what == task::seal || what == task::protect_frame; }

  /// "/160" behind names, nothing where there is one length only.
  std::string suffix() const { return words(what).input == nullptr ? "" : '/' + std::to_string(packets.payload_len()); }

  /// Adds the row <library>/<verb>/<algorithm> with the suffix.
  template <class Operation, class... Args>
  void add(const std::string& library, const std::string& verb, const std::string& algorithm, std::string kernel,
           Args&&... args) {
    rows.push_back(std::make_unique<timed_row<Operation>>(library + '/' + verb + '/' + algorithm + suffix(),
                                                          std::move(kernel), std::forward<Args>(args)...));
  }

  task what;
  ring packets;
  std::vector<std::unique_ptr<row>> rows;
  std::set<std::string> remarks;  ///< on rows that are missing, and why
};

/// The second of two equal rows: its distance from the first is noise.
inline constexpr char twin_prefix[] = "again/";

/// A row's numbers, in nanoseconds, the timer's own cost taken off.
struct statistics {
  std::string name;
  std::string kernel;
  double cost;                                    ///< per packet, p50 over groups
  double latency_p50, latency_p99, latency_p999;  ///< of single calls
};

struct table_result {
  task what;
  std::string suffix;
  std::size_t payload_len;
  std::size_t group_size, groups;
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
