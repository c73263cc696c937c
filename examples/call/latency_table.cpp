// SPDX-License-Identifier: BSL-1.0
// Single packets between serialised time stamps, all rows interleaved in one process.
#include "latency_table.hpp"

#include <array>
#include <cstdio>
#include <sotto/srtp.hpp>
#include <utility>
#include <vector>

#include "../support/keys.hpp"
#include "parties.hpp"

namespace examples {
namespace {

namespace srtp = sotto::srtp;

constexpr std::array table_profiles{srtp::profile::aead_aes_128_gcm, srtp::profile::aead_aes_256_gcm,
                                    srtp::profile::aead_chacha20_poly1305, srtp::profile::aes_cm_128_hmac_sha1_80};
constexpr std::uint64_t group = 64;

template <class Session>
Session checked(sotto::result<Session>&& made) {
  if (!made) throw std::runtime_error(message(made.error()));
  return std::move(*made);
}

class row {
 public:
  explicit row(srtp::profile p) : row(random_keying(p)) {}

  /// Protects and unprotects the packets n to n + group - 1, back to back as a busy server does.
  bool run(std::uint64_t n, const media_stream& media, const stopwatch& watch) {
    std::array<sotto::mutable_bytes, group> wires;
    for (std::uint64_t i = 0; i < group; ++i) {
      auto& buffer = ring_[i];
      const std::size_t len = media.write_rtp(n + i, buffer);
      const auto start = watch.now();
      const auto wire = tx_.protect(buffer, len);
      protect_.push_back(watch.now() - start);
      if (!wire) return false;
      wires[i] = *wire;
    }
    for (auto& wire : wires) {
      const auto start = watch.now();
      const auto rtp = rx_.unprotect(wire);
      unprotect_.push_back(watch.now() - start);
      if (!rtp) return false;
    }
    return true;
  }

  void print(const stopwatch& watch) const {
    const auto p = percentiles_of(protect_, watch), u = percentiles_of(unprotect_, watch);
    std::printf("  %-24s %-18s %7.0f %7.0f %7.0f   %7.0f %7.0f %7.0f\n", std::string(name(tx_.profile())).c_str(),
                tx_.kernel_name(), p.p50, p.p99, p.p999, u.p50, u.p99, u.p999);
  }

 private:
  explicit row(const srtp::keying& k)
      : tx_(checked(srtp::sender::create(k))), rx_(checked(srtp::receiver::create(k))) {}

  srtp::sender tx_;
  srtp::receiver rx_;
  std::array<packet_buffer, group> ring_{};
  std::vector<std::uint64_t> protect_, unprotect_;
};

}  // namespace

bool print_latency_table(std::uint64_t packets, const stopwatch& watch) {
  const std::uint64_t rounds = (packets + group - 1) / group;
  const std::vector<std::int16_t> silence(media_stream::samples_per_packet);
  // The first group finds cold caches and is measured like the rest: a call's first packets are packets too.
  const media_stream media({.ssrc = 0x7461626c}, silence, rounds * group);
  std::vector<row> rows;
  for (const auto p : table_profiles) rows.emplace_back(p);
  for (std::uint64_t r = 0; r < rounds; ++r)
    for (auto& one : rows)
      if (!one.run(r * group, media, watch)) return false;

  std::printf("Latency in ns of single %zu-byte RTP packets, %llu per row\n", media_stream::max_packet_len,
              static_cast<unsigned long long>(rounds * group));
  std::printf("  %-24s %-18s %23s   %23s\n", "", "", "protect", "unprotect");
  std::printf("  %-24s %-18s %7s %7s %7s   %7s %7s %7s\n", "profile", "kernel", "p50", "p99", "p99.9", "p50", "p99",
              "p99.9");
  for (const auto& one : rows) one.print(watch);
  return true;
}

}  // namespace examples
