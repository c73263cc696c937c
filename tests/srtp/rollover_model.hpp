// SPDX-License-Identifier: BSL-1.0
// RFC 3711 3.3.1 and 3.3.2 once more, as plainly as possible: 64-bit indices and a set of those received. And traffic
// for it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <set>

#include "keys.hpp"
#include "support/pattern.hpp"

namespace rollover {

inline constexpr std::uint64_t index_end = std::uint64_t{1} << 48, no_index = ~std::uint64_t{0};

class model {
 public:
  struct stream {
    std::uint64_t highest, floor;      // everything before the floor counts as received
    std::set<std::uint64_t> received;  // of the window only, lest ten million steps fill the memory
  };

  model(std::uint64_t window, std::uint64_t new_stream_rocs) : window_(window), new_stream_rocs_(new_stream_rocs) {}

  const stream* find(std::uint32_t ssrc) const {
    const auto it = streams_.find(ssrc);
    return it == streams_.end() ? nullptr : &it->second;
  }
  void start(std::uint32_t ssrc, std::uint64_t next) { streams_[ssrc] = {next - 1, next, {}}; }
  bool remove(std::uint32_t ssrc) { return streams_.erase(ssrc) != 0; }

  /// What becomes of a packet that authenticates at one index only, or at none: 0 or the error.
  int deliver(std::uint32_t ssrc, std::uint16_t seq, std::uint64_t authentic_at) {
    const auto it = streams_.find(ssrc);
    if (it == streams_.end()) {
      for (std::uint64_t roc = 0; roc <= new_stream_rocs_; ++roc)
        if (authentic_at == 65536 * roc + seq) {
          streams_[ssrc] = {authentic_at, 0, {authentic_at}};
          return 0;
        }
      return keys::code(sotto::error::authentication_failed);
    }
    stream& s = it->second;
    // RFC 3711 Appendix A, but nothing comes before ROC 0 or after ROC 2^32 - 1.
    const auto last = static_cast<std::int64_t>(s.highest % 65536);
    auto roc = static_cast<std::int64_t>(s.highest / 65536);
    if (last < 32768) {
      if (seq - last > 32768) --roc;
    } else {
      if (last - 32768 > seq) ++roc;
    }
    if (roc < 0) return keys::code(sotto::error::too_old);
    if (roc >= std::int64_t{1} << 32) return keys::code(sotto::error::key_exhausted);
    const std::uint64_t index = 65536 * static_cast<std::uint64_t>(roc) + seq;
    // RFC 3711 3.3.2.
    if (index + window_ <= s.highest) return keys::code(sotto::error::too_old);
    if (index < s.floor || s.received.count(index) != 0) return keys::code(sotto::error::replayed);
    if (authentic_at != index) return keys::code(sotto::error::authentication_failed);
    s.received.insert(index);
    if (index > s.highest) s.highest = index;
    while (*s.received.begin() + window_ <= s.highest) s.received.erase(s.received.begin());
    return 0;
  }

 private:
  std::uint64_t window_, new_stream_rocs_;
  std::map<std::uint32_t, stream> streams_;
};

/// Any index has one packet, so that it can be sent again at any time.
struct packet {
  static constexpr std::size_t plain_len = 16;
  std::array<std::uint8_t, plain_len + 16> bytes{};

  packet(std::uint32_t ssrc, std::uint64_t index) {
    bytes[0] = 0x80;
    sotto::core::store_be16(&bytes[2], static_cast<std::uint16_t>(index));
    sotto::core::store_be32(&bytes[4], static_cast<std::uint32_t>(index >> 16));
    sotto::core::store_be32(&bytes[8], ssrc);
    sotto::core::store_be32(&bytes[12], static_cast<std::uint32_t>(index * 0x9e3779b1u));
  }
  std::uint16_t sequence() const { return sotto::core::load_be16(&bytes[2]); }
  std::uint32_t ssrc() const { return sotto::core::load_be32(&bytes[8]); }
};

/// A sender that goes on whatever becomes of its packets.
struct source {
  std::uint32_t ssrc;
  std::uint64_t head;  // the latest index sent
  std::array<std::uint64_t, 64> sent{};
  std::size_t sends = 0;
  int refusals = 0;  // in a row
};

/// The distances at which estimates and windows change their minds.
inline std::uint64_t edge(support::pattern& random, std::uint64_t window) {
  const std::uint64_t edges[] = {window, 2 * window, 0x4000, 0x8000, 0xc000, 0x10000, 0x18000, 0x20000};
  return edges[random.below(8)] + random.below(9) - 4;
}

/// The index of a source's next packet, modulo 2^48: who wraps there must be refused.
inline std::uint64_t choose(source& s, std::uint64_t highest, std::uint64_t window, support::pattern& random) {
  std::uint64_t i = 0;
  switch (random.below(16)) {
    case 0: i = s.sent[random.below(s.sent.size())]; break;                                       // sent again
    case 1: i = s.sent[(s.sends - random.below(4)) % 64]; break;                                  // sent again at once
    case 2: i = s.head - random.below(static_cast<std::size_t>(window + window / 8 + 2)); break;  // late
    case 3: i = highest - edge(random, window); break;                                            // very late
    case 4: i = highest + edge(random, window); break;   // a gap that nobody else sees
    case 5: i = s.head += 1 + random.below(200); break;  // a burst of losses
    case 6: i = s.head += random.below(50) == 0 ? edge(random, window) : 2; break;
    default: i = ++s.head; break;
  }
  i %= index_end;
  s.sent[++s.sends % 64] = i;
  return i;
}

/// Where streams begin: the first packet that is sent, or, of streams that the receiver knows, the first not yet seen.
inline std::uint64_t beginning(bool known, support::pattern& random) {
  const std::uint64_t any = random.next();
  const std::uint64_t fresh[] = {0, 1, 65530, 65534, 65535, 65536, 65540, any % 65536};
  const std::uint64_t running[] = {
      65535,         65536,          (any & 0xffff0000) + 65533,  0xfffffff0,
      0xffffffff000, index_end - 40, index_end - 1 - any % 90000, 1 + any % (index_end - 1)};
  return (known ? running : fresh)[random.below(8)];
}

}  // namespace rollover
