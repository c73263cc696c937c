// SPDX-License-Identifier: BSL-1.0
// Capture files through libpcap, with errors that name the file.
#pragma once

#include <pcap/pcap.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <sotto/core/bytes.hpp>
#include <string>

#include "../support/udp_frame.hpp"

namespace examples {

struct captured_frame {
  timeval time{};
  sotto::const_bytes bytes;  ///< Valid until the next one is read.
  bool cut_short = false;    ///< The recording kept less than was on the wire.
};

/// Reads pcap and pcapng. Throws std::runtime_error.
class capture_reader {
 public:
  explicit capture_reader(const std::string& path);

  link_layer link() const noexcept { return link_; }
  pcap_t* handle() const noexcept { return handle_.get(); }
  bool nanoseconds() const noexcept { return nanoseconds_; }

  /// False at the end. What follows a damaged record can't be found: that is an end too, which damage() describes.
  bool next(captured_frame& frame);
  const std::string& damage() const noexcept { return damage_; }

 private:
  struct closer {
    void operator()(pcap_t* p) const noexcept { pcap_close(p); }
  };
  std::unique_ptr<pcap_t, closer> handle_;
  link_layer link_ = link_layer::raw_ip;
  bool nanoseconds_ = false;
  std::string damage_;
};

/// Writes a capture of the same link type and time resolution as another one. Throws std::runtime_error.
class capture_writer {
 public:
  capture_writer(const std::string& path, const capture_reader& like);

  void write(timeval time, sotto::const_bytes frame) noexcept;
  void close();

 private:
  struct closer {
    void operator()(pcap_t* p) const noexcept { pcap_close(p); }
    void operator()(pcap_dumper_t* p) const noexcept { pcap_dump_close(p); }
  };
  std::string path_;
  std::unique_ptr<pcap_t, closer> format_;
  std::unique_ptr<pcap_dumper_t, closer> file_;
};

}  // namespace examples
