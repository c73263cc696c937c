// SPDX-License-Identifier: BSL-1.0
// What a run must show, said line by line; one that fails makes the program fail.
#pragma once

#include <cstdio>
#include <string>

namespace examples {

class checks {
 public:
  void expect(bool good, const std::string& what) {
    std::printf("  %s %s\n", good ? "ok    " : "FAILED", what.c_str());
    all_good_ &= good;
  }
  bool all_good() const noexcept { return all_good_; }

 private:
  bool all_good_ = true;
};

}  // namespace examples
