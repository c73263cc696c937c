// SPDX-License-Identifier: BSL-1.0
// Capture files through libpcap.
#include "capture.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <stdexcept>
#include <system_error>

namespace examples {
namespace {

link_layer link_of(int type, const std::string& path) {
  switch (type) {
    case DLT_EN10MB: return link_layer::ethernet;
    case DLT_LINUX_SLL: return link_layer::linux_cooked;
    case 276: return link_layer::linux_cooked2;  // DLT_LINUX_SLL2, which older libpcap doesn't name
    case DLT_RAW:
    case DLT_IPV4:
    case DLT_IPV6: return link_layer::raw_ip;
    case DLT_NULL:
    case DLT_LOOP: return link_layer::loopback;
    default: break;
  }
  const char* const name = pcap_datalink_val_to_name(type);
  throw std::runtime_error(path + ": link type " + (name != nullptr ? name : std::to_string(type)) +
                           " isn't supported (Ethernet, Linux cooked, raw IP and loopback are)");
}

/// Classic files say their resolution in the first four bytes. libpcap converts whatever it reads, so ask for the same:
/// then a file comes out as it went in. pcapng may have any, so ask for the finest.
bool wants_nanoseconds(std::FILE* file) {
  std::array<std::uint8_t, 4> magic{};
  const std::size_t len = std::fread(magic.data(), 1, magic.size(), file);
  std::rewind(file);
  if (len != magic.size()) return false;
  const std::uint32_t value = sotto::core::load_le32(magic.data());
  return value == 0xa1b23c4d || value == 0x4d3cb2a1 || value == 0x0a0d0d0a;
}

}  // namespace

capture_reader::capture_reader(const std::string& path) {
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored)) throw std::runtime_error(path + ": no such file");
  // It is read twice, which a pipe doesn't allow.
  if (!std::filesystem::is_regular_file(path, ignored)) throw std::runtime_error(path + ": not a regular file");
  std::FILE* const file = std::fopen(path.c_str(), "rb");
  if (file == nullptr) throw std::runtime_error(path + ": can't be opened");
  nanoseconds_ = wants_nanoseconds(file);

  char message[PCAP_ERRBUF_SIZE]{};
  const unsigned precision = nanoseconds_ ? PCAP_TSTAMP_PRECISION_NANO : PCAP_TSTAMP_PRECISION_MICRO;
  handle_.reset(pcap_fopen_offline_with_tstamp_precision(file, precision, message));
  if (!handle_) {
    std::fclose(file);
    throw std::runtime_error(path + ": not a capture (" + message + ")");
  }
  link_ = link_of(pcap_datalink(handle_.get()), path);
}

bool capture_reader::next(captured_frame& frame) {
  pcap_pkthdr* header = nullptr;
  const u_char* bytes = nullptr;
  const int got = pcap_next_ex(handle_.get(), &header, &bytes);
  if (got != 1) {
    if (got == PCAP_ERROR) damage_ = pcap_geterr(handle_.get());
    return false;
  }
  frame = {header->ts, {bytes, header->caplen}, header->caplen < header->len};
  return true;
}

capture_writer::capture_writer(const std::string& path, const capture_reader& like) : path_(path) {
  pcap_t* const in = like.handle();
  const unsigned precision = like.nanoseconds() ? PCAP_TSTAMP_PRECISION_NANO : PCAP_TSTAMP_PRECISION_MICRO;
  // Protection makes packets longer, perhaps longer than what the recording limited itself to.
  constexpr int room = 65535 + 64;
  format_.reset(pcap_open_dead_with_tstamp_precision(pcap_datalink(in), std::max(pcap_snapshot(in), room), precision));
  if (!format_) throw std::runtime_error(path_ + ": out of memory");
  file_.reset(pcap_dump_open(format_.get(), path.c_str()));
  if (!file_) throw std::runtime_error(path_ + ": can't be created (" + pcap_geterr(format_.get()) + ")");
}

void capture_writer::write(timeval time, sotto::const_bytes frame) noexcept {
  pcap_pkthdr header{};
  header.ts = time;
  header.caplen = header.len = static_cast<bpf_u_int32>(frame.size());
  pcap_dump(reinterpret_cast<u_char*>(file_.get()), &header, frame.data());
}

void capture_writer::close() {
  const bool bad = pcap_dump_flush(file_.get()) != 0 || std::ferror(pcap_dump_file(file_.get())) != 0;
  file_.reset();
  if (bad) throw std::runtime_error(path_ + ": can't be written");
}

}  // namespace examples
