// SPDX-License-Identifier: BSL-1.0
// make_capture FILE ethernet|sll|sll2|raw|none|wifi|twice: writes a capture for the tests of srtp_pcap.
#include <cstdio>
#include <exception>
#include <string_view>

#include "capture_maker.hpp"

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  const std::string_view kind = argv[2];
  const bool ethernet = kind == "ethernet" || kind == "none" || kind == "twice";
  const std::uint32_t linktype = ethernet         ? examples::linktype_ethernet
                                 : kind == "sll"  ? examples::linktype_linux_sll
                                 : kind == "sll2" ? examples::linktype_linux_sll2
                                 : kind == "wifi" ? 105
                                                  : examples::linktype_raw_ip;
  try {
    auto frames = capture_maker::conversation(linktype, kind != "none");
    if (kind == "none") frames.resize(3);  // TCP and fragments
    if (kind == "twice") {
      const auto first = frames;
      frames.insert(frames.end(), first.begin(), first.end());
    }
    capture_maker::write(argv[1], linktype, frames);
  } catch (const std::exception& e) {
    std::fprintf(stderr, "make_capture: %s\n", e.what());
    return 2;
  }
  return 0;
}
