// SPDX-License-Identifier: BSL-1.0
// One run: its processes, the network between them, and what they leave behind.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "../support/udp_socket.hpp"
#include "line.hpp"
#include "notes.hpp"
#include "options.hpp"
#include "processes.hpp"
#include "relay.hpp"
#include "story.hpp"

namespace examples {

/// What retro found out, from the last line that it prints.
struct retro_result {
  bool ran = false;
  std::uint64_t packets = 0, opened = 0, keys_tried = 0;
  std::uint64_t frames = 0, frames_opened = 0;  ///< Inside of opened packets
  std::string output;
};

class stage {
 public:
  using phone_work = std::function<void(line&, notes&)>;
  using relay_work = std::function<void(switchboard&, notes&)>;

  /// The phones' names; `name` is that of the run's folder.
  stage(const wiretap_options& options, const std::string& name, std::vector<std::string> phones);

  void start_relay(const relay_work& work);
  void start_phone(std::size_t which, const phone_work& work);
  /// Waits for all processes, and says so if one failed.
  void finish(story& tale);

  std::string path(const std::string& file) const { return folder_ + "/" + file; }
  read_notes notes_of(const std::string& who) const { return read_notes(path(who + ".notes")); }
  /// Starts retro with the two files and these arguments, and shows what it prints.
  retro_result run_retro(story& tale, const std::vector<std::string>& arguments) const;

 private:
  const wiretap_options& options_;
  std::string folder_;
  std::vector<std::string> names_;
  std::vector<std::unique_ptr<udp_link>> links_;
  crew crew_;
};

/// Forwards everything to everybody else.
inline void forward_all(switchboard& board, notes&) {
  board.serve([&](std::size_t from, sotto::const_bytes datagram) { board.forward(from, datagram); });
}

}  // namespace examples
