// SPDX-License-Identifier: BSL-1.0
// What happened to the cases of one file: counts, reasons for skips, kernels, and what differed.
#pragma once

#include <algorithm>
#include <cstddef>
#include <ostream>
#include <sotto/core/bytes.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bytes.hpp"

namespace vectors {

/// One case. It counts once however many kernels run it, and passes only if every check on every kernel held.
class test_case {
 public:
  /// True if the two are equal; else the difference is noted.
  bool same(std::string_view kernel, std::string_view what, sotto::const_bytes expected, sotto::const_bytes got) {
    return note(kernel, equal(expected, got), [&] { return difference(what, expected, got); });
  }
  /// Notes `otherwise` unless the condition holds.
  bool require(std::string_view kernel, bool condition, std::string_view otherwise) {
    return note(kernel, condition, [&] { return std::string(otherwise); });
  }

 private:
  friend class report;

  template <class Describe>
  bool note(std::string_view kernel, bool condition, const Describe& describe) {
    ++checks_;
    if (!condition) failures_.push_back(std::string(kernel) + ": " + describe());
    return condition;
  }

  // Long packets differ in many bytes: show where it starts.
  static std::string difference(std::string_view what, sotto::const_bytes expected, sotto::const_bytes got) {
    std::size_t at = 0;
    while (at < expected.size() && at < got.size() && expected[at] == got[at]) ++at;
    const auto shown = [at](sotto::const_bytes data) {
      const auto rest = data.subspan(std::min(at, data.size()));
      return rest.size() <= 32 ? to_hex(rest) : to_hex(rest.first(32)) + "...";
    };
    std::string text(what);
    text += " differs";
    if (expected.size() != got.size())
      text += " in length (expected " + std::to_string(expected.size()) + ", got " + std::to_string(got.size()) + ")";
    return text + " from byte " + std::to_string(at) + " on: expected " + shown(expected) + ", got " + shown(got);
  }

  std::vector<std::string> failures_;
  std::size_t checks_ = 0;
};

/// How long a run may take: brief leaves chains of more than 1,000 steps out, usual runs them on the best kernel, full
/// on every one.
enum class run_length { brief, usual, full };

class report {
 public:
  explicit report(std::string file, run_length length = run_length::usual) : file_(std::move(file)), length_(length) {}

  run_length length() const { return length_; }

  /// Runs one case: `body(test_case&)`. A case that checks nothing is a failure, lest a format that isn't understood
  /// looks like success.
  template <class Body>
  void run(const std::string& id, const Body& body) {
    test_case c;
    body(c);
    if (c.checks_ == 0) c.failures_.push_back("nothing was checked");
    for (const auto& failure : c.failures_) failures_.push_back(id + ": " + failure);
    ++(c.failures_.empty() ? passed_ : failed_);
  }

  void skip(const std::string& reason, std::size_t cases = 1) {
    const auto known = std::find_if(skips_.begin(), skips_.end(), [&](const auto& s) { return s.first == reason; });
    if (known == skips_.end())
      skips_.emplace_back(reason, cases);
    else
      known->second += cases;
    skipped_ += cases;
  }

  /// Notes that a kernel computed something for this file.
  void exercised(std::string_view algorithm, std::string_view kernel) {
    const auto known =
        std::find_if(kernels_.begin(), kernels_.end(), [&](const auto& k) { return k.first == algorithm; });
    auto& names =
        known == kernels_.end() ? kernels_.emplace_back(algorithm, std::vector<std::string>{}).second : known->second;
    if (std::find(names.begin(), names.end(), kernel) == names.end()) names.emplace_back(kernel);
  }

  /// A line of its own behind the counts.
  void note(const std::string& text) { notes_.push_back(text); }

  std::size_t passed() const { return passed_; }
  std::size_t failed() const { return failed_; }
  std::size_t skipped() const { return skipped_; }

  void print(std::ostream& out) const {
    constexpr std::size_t most = 20;
    for (std::size_t i = 0; i < failures_.size() && i < most; ++i) out << file_ << ": FAILED " << failures_[i] << '\n';
    if (failures_.size() > most) out << file_ << ": ... and " << failures_.size() - most << " more differences\n";
    out << file_ << ": " << passed_ << " passed, " << failed_ << " failed, " << skipped_ << " skipped\n";
    for (const auto& [reason, cases] : skips_) out << "  skipped " << cases << ": " << reason << '\n';
    for (const auto& text : notes_) out << "  " << text << '\n';
    if (kernels_.empty()) return;
    out << "  kernels:";
    for (const auto& [algorithm, names] : kernels_) {
      out << (&algorithm == &kernels_.front().first ? " " : "; ") << algorithm << ':';
      for (const auto& name : names) out << ' ' << name;
    }
    out << '\n';
  }

 private:
  std::string file_;
  run_length length_;
  std::size_t passed_ = 0, failed_ = 0, skipped_ = 0;
  std::vector<std::string> failures_;
  std::vector<std::pair<std::string, std::size_t>> skips_;
  std::vector<std::string> notes_;
  std::vector<std::pair<std::string, std::vector<std::string>>> kernels_;
};

}  // namespace vectors
