// SPDX-License-Identifier: BSL-1.0
#include "stage.hpp"

#include <cstdio>
#include <filesystem>
#include <sstream>

namespace examples {

stage::stage(const wiretap_options& options, const std::string& name, std::vector<std::string> phones)
    : options_(options), folder_(options.folder + "/" + name), names_(std::move(phones)) {
  std::filesystem::create_directories(folder_);
  for (std::size_t i = 0; i < names_.size(); ++i) links_.push_back(std::make_unique<udp_link>());
}

void stage::start_relay(const relay_work& work) {
  crew_.start("relay", [&] {
    std::vector<leg> legs;
    for (std::size_t i = 0; i < names_.size(); ++i) legs.push_back({names_[i], links_[i]->b, links_[i]->a.port()});
    switchboard board(std::move(legs), folder_);
    notes told(path("relay.notes"));
    work(board, told);
  });
}

void stage::start_phone(std::size_t which, const phone_work& work) {
  crew_.start(names_[which], [&] {
    line to_relay(links_[which]->a);
    notes told(path(names_[which] + ".notes"));
    work(to_relay, told);
  });
}

void stage::finish(story& tale) {
  if (const auto failed = crew_.wait(); !failed.empty()) tale.check(false, "these processes failed: " + failed);
}

retro_result stage::run_retro(story& tale, const std::vector<std::string>& arguments) const {
  std::vector<std::string> command{options_.retro, "--log", path("signalling.log"), "--pcap", path("call.pcap")};
  command.insert(command.end(), arguments.begin(), arguments.end());
  const auto done = run_program(command);
  retro_result result;
  result.output = done.output;
  std::istringstream lines(done.output);
  for (std::string text; std::getline(lines, text);) {
    unsigned long long opened = 0, packets = 0, tried = 0;
    if (std::sscanf(text.c_str(), "opened %llu of %llu packets, %llu keys tried", &opened, &packets, &tried) == 3) {
      result.opened = opened;
      result.packets = packets;
      result.keys_tried = tried;
      result.ran = done.code == 0;
    }
    if (std::sscanf(text.c_str(), "opened %llu of %llu frames, %llu", &opened, &packets, &tried) == 3) {
      result.frames_opened = opened;
      result.frames = packets;
    }
    if (!text.starts_with("audio: ")) tale.tell("retro: " + text);
  }
  if (!result.ran) tale.check(false, "retro ended with exit code " + std::to_string(done.code));
  return result;
}

}  // namespace examples
