// SPDX-License-Identifier: BSL-1.0
// The benchmark program: measures tables of interleaved rows, prints them, and has Google Benchmark report them.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <exception>
#include <memory>
#include <regex>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <sotto/cpu/features.hpp>
#include <sotto/cpu/isa.hpp>

#include "machine.hpp"
#include "measure.hpp"
#include "rows.hpp"
#include "table.hpp"

namespace bench {
namespace {

struct options {
  std::size_t rounds = 1500;
  int processor = -1;
  std::string hidden;
};

constexpr char usage[] =
    "sotto_bench [option]... [Google Benchmark's options, e.g. --benchmark_out=FILE --benchmark_filter=REGEX]\n"
    "  --hide=FEATURE,...  Sotto and OpenSSL do without these processor features, e.g. avx512,avx512ifma\n"
    "  --quick             a few seconds instead of minutes: shows that everything runs, not how fast\n"
    "  --rounds=N          how often each row gets its turn (default 1500; fewer in slow tables)\n"
    "  --cpu=N             the processor to stay on (default: the last)\n";

template <class Number>
Number parse_number(std::string_view text) {
  Number n{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), n);
  if (error != std::errc() || end != text.data() + text.size() || n < 0)
    throw std::runtime_error("not a number: " + std::string(text));
  return n;
}

sotto::cpu::feature_set parse_features(std::string_view list) {
  sotto::cpu::feature_set all;
  while (!list.empty()) {
    const std::string_view word = list.substr(0, list.find(','));
    list.remove_prefix(std::min(word.size() + 1, list.size()));
    const auto* const end = std::end(sotto::cpu::feature_names);
    const auto* const found =
        std::find_if(std::begin(sotto::cpu::feature_names), end, [word](const auto& f) { return word == f.name; });
    if (found == end) {
      std::string message = "no such feature: " + std::string(word) + "; there are";
      for (const auto& f : sotto::cpu::feature_names) message += std::string(" ") + f.name;
      throw std::runtime_error(message);
    }
    all = all.with(found->feature);
  }
  return all;
}

/// Takes our options out of argv and leaves Google Benchmark's.
options parse(int& argc, char** argv) {
  options o;
  int kept = 1;
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    const auto value_of = [word](std::string_view option) { return word.substr(option.size()); };
    if (word == "--quick")
      o.rounds = 20;
    else if (word.starts_with("--rounds="))
      o.rounds = std::max<std::size_t>(1, parse_number<std::size_t>(value_of("--rounds=")));
    else if (word.starts_with("--cpu="))
      o.processor = parse_number<int>(value_of("--cpu="));
    else if (word.starts_with("--hide="))
      o.hidden = value_of("--hide=");
    else
      argv[kept++] = argv[i];
    if (word == "--help") std::printf("%s\n", usage);
  }
  argc = kept;
  return o;
}

/// The rows that Google Benchmark's own filter would report: the others needn't be measured.
void keep_filtered(table& t) {
  std::string filter = benchmark::GetBenchmarkFilter();
  if (filter.empty() || filter == "all") return;
  const bool wanted = filter[0] != '-';
  const std::regex pattern(wanted ? filter : filter.substr(1));
  std::erase_if(t.rows, [&](const auto& r) { return std::regex_search(r->name(), pattern) != wanted; });
}

struct peer {
  const char* name;
  std::string description;
};

std::vector<peer> describe_peers([[maybe_unused]] sotto::cpu::feature_set hidden) {
  std::vector<peer> peers = {{"libsrtp2", "MISSING (Debian: libsrtp2-dev)"},
                             {"openssl", "MISSING (Debian: libssl-dev)"},
                             {"ipsec_mb", "MISSING (Debian: libipsec-mb-dev)"},
                             {"sodium", "MISSING (Debian: libsodium-dev)"}};
#if defined(SOTTO_PEER_SRTP2)
  peers[0].description = describe_libsrtp2();
#endif
#if defined(SOTTO_PEER_OPENSSL)
  peers[1].description = describe_openssl(hidden);
#endif
#if defined(SOTTO_PEER_IPSEC_MB)
  peers[2].description = describe_ipsec_mb();
#endif
#if defined(SOTTO_PEER_SODIUM)
  peers[3].description = describe_sodium();
#endif
  return peers;
}

void add_all_rows(table& t) {
  add_sotto_rows(t);
#if defined(SOTTO_PEER_SRTP2)
  add_libsrtp2_rows(t);
#endif
#if defined(SOTTO_PEER_OPENSSL)
  add_openssl_rows(t);
#endif
#if defined(SOTTO_PEER_IPSEC_MB)
  add_ipsec_mb_rows(t);
#endif
#if defined(SOTTO_PEER_SODIUM)
  add_sodium_rows(t);
#endif
  add_floor_rows(t);
  add_chacha20_poly1305_floor(t);
}

/// Only our tables are shown: Google Benchmark's would repeat them.
class silent_reporter final : public benchmark::BenchmarkReporter {
 public:
  bool ReportContext(const Context&) override { return true; }
  void ReportRuns(const std::vector<Run>&) override {}
};

/// Names rows as we do, without "/iterations:1/manual_time" behind them, and shows the measured cost as both times.
class plain_json_reporter final : public benchmark::JSONReporter {
 public:
  void ReportRuns(const std::vector<Run>& runs) override {
    std::vector<Run> plain = runs;
    for (Run& r : plain) {
      r.run_name.iterations.clear();
      r.run_name.time_type.clear();
      r.cpu_accumulated_time = r.real_accumulated_time;
    }
    JSONReporter::ReportRuns(plain);
  }
};

/// Google Benchmark runs one benchmark after the other, which would let drift favour one of them; so it gets each row's
/// finished numbers, as one iteration of manual time, and writes them.
void report(const std::vector<table_result>& tables, bool to_file) {
  for (const table_result& t : tables)
    for (const statistics& s : t.rows)
      benchmark::RegisterBenchmark(s.name.c_str(),
                                   [s](benchmark::State& state) {
                                     for (auto _ : state) state.SetIterationTime(s.cost * 1e-9);
                                     state.counters["p50"] = s.latency_p50;
                                     state.counters["p99"] = s.latency_p99;
                                     state.counters["p999"] = s.latency_p999;
                                     state.SetLabel(s.kernel);
                                   })
          ->Iterations(1)
          ->UseManualTime();
  silent_reporter silent;
  plain_json_reporter json;
  benchmark::RunSpecifiedBenchmarks(&silent, to_file ? &json : nullptr);
}

std::string join(const std::vector<std::string>& words) {
  std::string all;
  for (const auto& w : words) all += (all.empty() ? "" : ", ") + w;
  return all;
}

/// Prints a line and puts it into the JSON's context.
void state_fact(const std::string& key, const std::string& value) {
  std::printf("%-12s %s\n", key.c_str(), value.c_str());
  benchmark::AddCustomContext(key, value);
}

std::string join(sotto::cpu::feature_set features) {
  std::vector<std::string> names;
  for (const auto& f : sotto::cpu::feature_names)
    if (features.contains(f.feature)) names.push_back(f.name);
  return names.empty() ? "none" : join(names);
}

/// Those that hold on this machine.
void print_bars(const std::vector<table_result>& tables) {
  int counts[3] = {};
  std::printf("\nbars (ratios of costs)\n");
  for (const bar& b : bars) {
    if (!fits(b.on, sotto::cpu::available())) continue;
    const verdict found = judge(b, tables);
    ++counts[static_cast<int>(found.what)];
    std::printf("  %s / %s: %s\n", b.row, b.yardstick, found.words.c_str());
    benchmark::AddCustomContext(std::string("bar/") + b.row + " / " + b.yardstick, found.words);
  }
  std::printf("%d bars met, %d not met, %d not measured\n", counts[0], counts[1], counts[2]);
}

/// Every table, and by how much fewer rounds do for it: the slower a call, the less the clock and the caches matter.
constexpr struct {
  task what;
  std::size_t payload_len, fewer;
} plan[] = {
    {task::protect, 20, 1},
    {task::protect, 160, 1},
    {task::protect, 1200, 1},
    {task::unprotect, 20, 1},
    {task::unprotect, 160, 1},
    {task::unprotect, 1200, 1},
    {task::seal, 20, 1},
    {task::seal, 160, 1},
    {task::seal, 1200, 1},
    {task::seal, 8192, 3},
    {task::open, 20, 1},
    {task::open, 160, 1},
    {task::open, 1200, 1},
    {task::open, 8192, 3},
    {task::agree, 32, 3},
    {task::public_key, 32, 3},
    {task::hash, 64, 3},
    {task::hash, 1024, 3},
    {task::hash, 8192, 10},
    {task::derive, 32, 3},
    {task::handshake, 32, 3},
    {task::protect_frame, 160, 1},
    {task::protect_frame, 1200, 1},
    {task::protect_frame, 50000, 20},
    {task::unprotect_frame, 160, 1},
    {task::unprotect_frame, 1200, 1},
    {task::unprotect_frame, 50000, 20},
};

void run_all(const options& o, bool to_file) {
  state_fact("processor", processor_name() + ", " + stay_on_processor(o.processor));
  state_fact("compiler", compiler_name());
  const auto hidden = parse_features(o.hidden);
  hide_features(hidden);
  state_fact("features", join(sotto::cpu::available()) + (o.hidden.empty() ? "" : "; hidden: " + o.hidden));
  state_fact("kernels", join(bound_kernels()));
  for (const peer& p : describe_peers(hidden)) state_fact(p.name, p.description);

  // All tables are measured before any is evaluated: the clock's calibration takes as long as possible.
  const calibration clock;
  std::vector<std::unique_ptr<table>> measured;
  std::set<std::string> remarks;
  for (const auto& [what, payload_len, fewer] : plan) {
    auto t = std::make_unique<table>(what, payload_len);
    add_all_rows(*t);
    keep_filtered(*t);
    if (t->rows.empty()) continue;
    remarks.merge(t->remarks);
    std::fprintf(stderr, "measuring %s%s ...\n", words(what).name, t->suffix().c_str());
    run(*t, std::max<std::size_t>(1, o.rounds / fewer));
    measured.push_back(std::move(t));
  }

  const double ns_per_tick = clock.ns_per_tick();
  state_fact("clock", clock.description());
  char text[128];
  std::snprintf(text, sizeof text, "%.2f GHz by a chain of multiplications", core_ghz(ns_per_tick));
  state_fact("core", text);
  state_fact("disturbance", std::to_string(involuntary_switches()) + " involuntary context switches");
  std::printf(
      "\ncost: p50 over groups of back-to-back calls, per packet; latency: single calls between serialised reads of "
      "the "
      "clock\n");

  std::vector<table_result> tables;
  for (const auto& t : measured) tables.push_back(evaluate(*t, ns_per_tick));
  for (const table_result& t : tables) {
    print(t);
    std::snprintf(text, sizeof text, "cost %.2f %%, latency p50 %.2f %%, timer %.1f ns, clock's step %.1f ns",
                  100 * t.noise_cost, 100 * t.noise_p50, t.timer, t.clock_step);
    benchmark::AddCustomContext(std::string("noise/") + words(t.what).name + t.suffix, text);
  }
  if (!remarks.empty()) std::printf("\n");
  for (const std::string& r : remarks) std::printf("%s\n", r.c_str());

  print_bars(tables);
  report(tables, to_file);
}

}  // namespace
}  // namespace bench

int main(int argc, char** argv) {
  try {
    std::vector<char*> whole(argv, argv + argc + 1);
    const bench::options o = bench::parse(argc, argv);
#if defined(SOTTO_PEER_OPENSSL)
    if (!o.hidden.empty()) bench::restart_with(bench::openssl_without(bench::parse_features(o.hidden)), whole.data());
#endif
    // Google Benchmark refuses a reporter for a file that wasn't asked for.
    const bool to_file =
        std::any_of(argv + 1, argv + argc, [](std::string_view word) { return word.starts_with("--benchmark_out="); });
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
    bench::run_all(o, to_file);
    benchmark::Shutdown();
  } catch (const std::exception& e) {
    std::fprintf(stderr, "sotto_bench: %s\n", e.what());
    return 1;
  }
}
