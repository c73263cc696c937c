// SPDX-License-Identifier: BSL-1.0
// What happened, in lines for a reader, and whether each thing that had to be true was.
#pragma once

#include <cstdio>
#include <string>

namespace examples {

class story {
 public:
  void chapter(int run, const std::string& title) const { std::printf("\n%d. %s\n", run, title.c_str()); }
  void tell(const std::string& line) const { std::printf("   %s\n", line.c_str()); }
  void check(bool holds, const std::string& claim) {
    ++(holds ? held_ : failed_);
    std::printf("   %s %s\n", holds ? "[ok]" : "[FAILED]", claim.c_str());
    std::fflush(stdout);
  }

  int held() const noexcept { return held_; }
  int failed() const noexcept { return failed_; }

 private:
  int held_ = 0, failed_ = 0;
};

/// "3 packets", "1 packet".
inline std::string count(unsigned long long n, const std::string& thing) {
  return std::to_string(n) + " " + thing + (n == 1 ? "" : "s");
}

}  // namespace examples
