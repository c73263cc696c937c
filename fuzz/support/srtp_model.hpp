// SPDX-License-Identifier: BSL-1.0
// What SRTP's two ends must answer, from sets of indices and the RFC's own formulas instead of windows of bits.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "check.hpp"
#include "input.hpp"
#include "rtp_reference.hpp"
#include "sotto/core/result.hpp"

namespace fuzz {

using sotto::error;

/// Every index that was ever used, and the rule of RFC 3711 3.3.2 over them.
class index_set {
 public:
  bool empty() const { return used_.empty() && floor_ == 0; }
  std::uint64_t highest() const { return used_.empty() ? floor_ - 1 : *used_.rbegin(); }
  /// `seen` is what a repeated index is called.
  std::optional<error> refusal(std::uint64_t index, std::uint64_t window, error seen) const {
    if (empty() || index > highest()) return {};
    if (highest() - index >= window) return error::too_old;
    if (index < floor_ || used_.count(index) != 0) return seen;
    return {};
  }
  void use(std::uint64_t index) { require(used_.insert(index).second, "an index was used twice"); }
  void start_at(std::uint64_t next) { floor_ = next; }

 private:
  std::uint64_t floor_ = 0;  // all below count as used
  std::set<std::uint64_t> used_;
};

/// RFC 3711 Appendix A, except that ROCs don't wrap.
inline std::optional<error> estimate(const index_set& used, std::uint16_t seq, std::uint64_t& index) {
  if (used.empty()) {
    index = seq;
    return {};
  }
  const std::uint64_t roc = used.highest() >> 16;
  const int s_l = static_cast<int>(used.highest() & 0xffff);
  std::uint64_t v = roc;
  if (s_l < 32768) {
    if (seq - s_l > 32768) {
      if (roc == 0) return error::too_old;
      v = roc - 1;
    }
  } else if (s_l - 32768 > seq) {
    if (roc == 0xffffffff) return error::key_exhausted;
    v = roc + 1;
  }
  index = v << 16 | seq;
  return {};
}

enum class protocol : std::uint8_t { rtp, rtcp };

struct stream_model {
  index_set rtp, rtcp;  // a sender's SRTCP indices are only counted: rtcp holds those below the next
  std::uint64_t next_rtcp = 0;
};

/// A packet on its way through one end: where input and output lie relative to each other.
struct geometry {
  std::uintptr_t in, out;
  std::size_t out_len;
  /// The documented rule: exactly the same start, or no common byte.
  bool aliases(std::size_t in_len, std::size_t written) const {
    return in != out && in_len != 0 && written != 0 && in < out + written && out < in + in_len;
  }
};

/// Lengths and places of what protection adds.
struct wire_format {
  enum { no_cipher, aes_cm, aes_gcm, chacha20_poly1305 } cipher;
  std::size_t rtp_tag_len, rtcp_tag_len;
  bytes mki;

  bool aead() const { return cipher == aes_gcm || cipher == chacha20_poly1305; }
  std::size_t tag_len(protocol p) const { return p == protocol::rtp ? rtp_tag_len : rtcp_tag_len; }
  std::size_t overhead(protocol p) const { return tag_len(p) + (p == protocol::rtcp ? 4 : 0) + mki.size(); }
  /// RFC 3711 3.1, 3.4: the MKI stands before the tag; RFC 7714 8.2, 9.2: at the very end.
  std::size_t mki_at(protocol p, std::size_t wire_len) const {
    return wire_len - mki.size() - (aead() ? 0 : tag_len(p));
  }
  /// The index word: before MKI and tag; with an AEAD before the MKI.
  std::size_t word_at(protocol p, std::size_t wire_len) const { return mki_at(p, wire_len) - 4; }
};

/// What a correct end decides about a packet.
struct verdict {
  std::optional<error> refused;
  std::uint32_t ssrc = 0;
  std::uint64_t index = 0;
};

/// State of a sender or receiver.
struct end_model {
  std::size_t capacity;
  std::uint64_t window;
  std::uint64_t rtp_left = std::uint64_t{1} << 48, rtcp_left = std::uint64_t{1} << 31;
  std::map<std::uint32_t, stream_model> streams;
  std::set<std::uint32_t> retired;  // senders only

  std::uint64_t& left(protocol p) { return p == protocol::rtp ? rtp_left : rtcp_left; }
  stream_model* find(std::uint32_t ssrc) {
    const auto at = streams.find(ssrc);
    return at == streams.end() ? nullptr : &at->second;
  }

  verdict judge_plain(protocol p, const bytes& packet, const wire_format& format, const geometry& g) {
    verdict v;
    std::uint16_t seq = 0;
    if (!read_header(p, packet, packet.size(), v, seq)) return refuse(v, error::malformed_packet);
    if (left(p) == 0) return refuse(v, error::key_exhausted);
    const stream_model* s = find(v.ssrc);
    if (s == nullptr && retired.count(v.ssrc) != 0) return refuse(v, error::index_used);
    if (s == nullptr && streams.size() == capacity) return refuse(v, error::stream_table_full);
    if (p == protocol::rtcp) {
      v.index = s != nullptr ? s->next_rtcp : 0;
      if (v.index >> 31 != 0) return refuse(v, error::key_exhausted);
    } else {
      const stream_model fresh;
      const index_set& used = s != nullptr ? s->rtp : fresh.rtp;
      if (const auto e = estimate(used, seq, v.index)) return refuse(v, *e);
      if (const auto e = used.refusal(v.index, window, error::index_used)) return refuse(v, *e);
    }
    return judge_buffers(v, g, packet.size(), packet.size() + format.overhead(p));
  }

  /// Everything but authenticity.
  verdict judge_wire(protocol p, const bytes& packet, const wire_format& format, const geometry& g) {
    verdict v;
    std::uint16_t seq = 0;
    if (packet.size() < format.overhead(p)) return refuse(v, error::malformed_packet);
    const std::size_t body = packet.size() - format.overhead(p);
    if (!read_header(p, packet, body, v, seq)) return refuse(v, error::malformed_packet);
    const auto mki_at = packet.begin() + static_cast<std::ptrdiff_t>(format.mki_at(p, packet.size()));
    if (!std::equal(format.mki.begin(), format.mki.end(), mki_at)) return refuse(v, error::unknown_mki);
    if (left(p) == 0) return refuse(v, error::key_exhausted);
    const stream_model* s = find(v.ssrc);
    if (s == nullptr && streams.size() == capacity) return refuse(v, error::stream_table_full);
    const stream_model fresh;
    const index_set& used =
        s == nullptr ? (p == protocol::rtp ? fresh.rtp : fresh.rtcp) : (p == protocol::rtp ? s->rtp : s->rtcp);
    if (p == protocol::rtcp) {
      bit_reader word(packet.data() + format.word_at(p, packet.size()), 4);
      (void)word.field(1);  // E
      v.index = word.field(31);
    } else if (const auto e = estimate(used, seq, v.index)) {
      return refuse(v, *e);
    }
    if (const auto e = used.refusal(v.index, window, error::replayed)) return refuse(v, *e);
    return judge_buffers(v, g, packet.size(), body);
  }

  /// A new master key: indices go on (RFC 3711 3.3.1), but a sender's SRTCP index that is used up starts again (3.4:
  /// modulo 2^31), and a receiver takes any.
  void rekey(std::uint64_t rtp_packets, std::uint64_t rtcp_packets) {
    rtp_left = rtp_packets;
    rtcp_left = rtcp_packets;
    retired.clear();
    for (auto& [ssrc, s] : streams) {
      s.rtcp = {};
      if (s.next_rtcp >> 31 != 0) s.next_rtcp = 0;
    }
  }

  /// After a packet went through.
  void accept(protocol p, const verdict& v) {
    stream_model& s = streams[v.ssrc];
    (p == protocol::rtp ? s.rtp : s.rtcp).use(v.index);
    if (p == protocol::rtcp) s.next_rtcp = v.index + 1;
    --left(p);
  }

 private:
  static verdict refuse(verdict v, error e) {
    v.refused = e;
    return v;
  }
  static bool read_header(protocol p, const bytes& packet, std::size_t len, verdict& v, std::uint16_t& seq) {
    if (p == protocol::rtcp) {
      const auto f = read_rtcp(packet.data(), len);
      if (f) v.ssrc = f->ssrc;
      return f.has_value();
    }
    const auto f = read_rtp(packet.data(), len);
    if (!f) return false;
    v.ssrc = f->ssrc;
    seq = static_cast<std::uint16_t>(f->sequence);
    return true;
  }
  static verdict judge_buffers(verdict v, const geometry& g, std::size_t in_len, std::size_t written) {
    if (g.out_len < written) return refuse(v, error::buffer_too_small);
    if (g.aliases(in_len, written)) return refuse(v, error::overlapping_buffers);
    return v;
  }
};

}  // namespace fuzz
