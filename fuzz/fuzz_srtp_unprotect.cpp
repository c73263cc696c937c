// SPDX-License-Identifier: BSL-1.0
// SRTP and SRTCP between a sender and a receiver of any profile, with loss, duplication, reordering, wraps, alterations
// and arbitrary bytes between them: every answer is the model's, and a refusal leaves both ends' memory as it was.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <map>
#include <memory>
#include <new>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "sotto/srtp.hpp"
#include "support/buffer.hpp"
#include "support/check.hpp"
#include "support/input.hpp"
#include "support/kernels.hpp"
#include "support/srtp_model.hpp"
#include "support/srtp_reference.hpp"

namespace {

namespace srtp = sotto::srtp;
using fuzz::append;
using fuzz::buffer;
using fuzz::bytes;
using fuzz::input;
using fuzz::protocol;
using fuzz::require;
using sotto::error;

constexpr std::size_t max_operations = 100, max_packet = 1500;

std::string name_of(error e) { return sotto::message(e); }

/// A sender or receiver in memory of its own, with the slots that it may need.
template <class End, std::size_t MaxStreams, std::size_t WindowBits, std::size_t Slots>
class end {
 public:
  static constexpr bool inline_slots = MaxStreams != srtp::caller_supplied;
  static constexpr std::size_t capacity = inline_slots ? MaxStreams : Slots;
  static constexpr std::uint64_t window = WindowBits;
  using state = typename End::state;
  using options = typename End::options;

  /// Streams that are there from the start, each with the next index of SRTP and SRTCP.
  struct known_stream {
    std::uint32_t ssrc;
    std::uint64_t rtp, rtcp;
  };

  end(const srtp::raw_keying& keying, const options& o, const std::vector<known_stream>& known)
      : slots_(inline_slots ? 0 : Slots), end_(make(keying, o, first_state(known))), options_(o) {
    model.capacity = capacity;
    model.window = window;
    model.rtp_left = o.lifetime.rtp_packets;
    model.rtcp_left = o.lifetime.rtcp_packets;
    for (const auto& k : known) {
      auto& s = model.streams[k.ssrc];
      s.rtp.start_at(k.rtp);
      s.rtcp.start_at(k.rtcp);
      s.next_rtcp = k.rtcp;
    }
  }

  End* operator->() { return &*end_; }

  /// All memory that the end consists of, counters zeroed: what a refusal must not change.
  bytes image() {
    end_->reset_statistics();
    const auto* const object = reinterpret_cast<const std::uint8_t*>(&*end_);
    bytes b(object, object + sizeof(End));
    if constexpr (!inline_slots) {
      const auto* const slots = reinterpret_cast<const std::uint8_t*>(slots_.data());
      b.insert(b.end(), slots, slots + slots_.size() * sizeof(typename End::slot));
    }
    return b;
  }

  /// Exports the state and goes on with it, under a new master key if there is one.
  void continue_from_state(const srtp::raw_keying& keying, bool rekey) {
    state s = std::move(*end_).export_state();
    require(end_->stream_count() == 0 && end_->lifetime_left().rtp_packets == 0, "an exported end still has a state");
    bytes packet(12 + srtp::max_rtp_overhead);
    packet[0] = 0x80;
    const auto refused = last_call(*end_, packet);
    require(!refused, "an exported end still works");
    // A receiver looks for the MKI first, which this packet lacks.
    require(refused.error() == error::key_exhausted || (!keying.mki.empty() && refused.error() == error::unknown_mki),
            "an exported end names another reason");
    if (rekey) {
      s = std::move(s).rekeyed();
      model.rekey(options_.lifetime.rtp_packets, options_.lifetime.rtcp_packets);
    }
    end_.emplace(make(keying, options_, std::move(s)));
  }

  /// The questions that an end answers about itself.
  void check_questions() {
    require(end_->stream_count() == model.streams.size(), "wrong stream_count");
    require(end_->max_streams() == capacity, "wrong max_streams");
    require(end_->lifetime_left().rtp_packets == model.rtp_left, "wrong lifetime left of RTP");
    require(end_->lifetime_left().rtcp_packets == model.rtcp_left, "wrong lifetime left of RTCP");
    for (auto& [ssrc, s] : model.streams) {
      require(end_->has_stream(srtp::ssrc(ssrc)), "a stream was lost");
      const auto highest = end_->highest_index(srtp::ssrc(ssrc));
      require(highest.has_value() == !s.rtp.empty(), "highest_index of nothing, or nothing of an index");
      if (highest) require(highest->value() == s.rtp.highest(), "wrong highest_index");
    }
  }

  fuzz::end_model model{};

 private:
  static End make(const srtp::raw_keying& keying, const options& o, state&& s) {
    auto made = End::resume(keying, std::move(s), o);
    require(made.has_value(), "a good key was refused");
    return std::move(*made);
  }
  state first_state(const std::vector<known_stream>& known) {
    state s = empty_state();
    for (const auto& k : known)
      require(s.add_stream(srtp::ssrc(k.ssrc), srtp::packet_index(k.rtp), k.rtcp).has_value(), "add_stream refused");
    return s;
  }
  state empty_state() {
    if constexpr (inline_slots) {
      return {};
    } else {
      auto s = state::create(slots_);
      require(s.has_value(), "slots were refused");
      return std::move(*s);
    }
  }
  template <class E>
  static auto last_call(E& e, bytes& packet) {
    if constexpr (requires { e.unprotect(packet); })
      return e.unprotect(packet);
    else
      return e.protect(packet, 12);
  }

  std::vector<typename End::slot> slots_;
  std::optional<End> end_;
  options options_;
};

/// Input and output of a call, and what they held before.
class placed {
 public:
  enum class how { in_place, apart, shifted };

  /// out_len bytes of output for this packet; `shift` is where the output begins in the memory that both share.
  placed(const bytes& packet, how h, std::size_t out_len, int shift, std::size_t misaligned)
      : in_at_(h == how::shifted ? shift_span : 0),
        out_at_(h == how::shifted ? static_cast<std::size_t>(static_cast<int>(shift_span) + shift) : 0),
        apart_(h == how::apart),
        memory_(apart_ ? packet.size() : std::max(in_at_ + packet.size(), out_at_ + out_len), misaligned),
        output_(apart_ ? out_len : 0, misaligned / 3),
        in_len_(packet.size()),
        out_len_(out_len) {
    if (!packet.empty()) std::memcpy(memory_.data() + in_at_, packet.data(), packet.size());
    before_.assign(memory_.data(), memory_.data() + memory_.size());
  }

  sotto::const_bytes in() const { return {memory_.data() + in_at_, in_len_}; }
  sotto::mutable_bytes out() { return {apart_ ? output_.data() : memory_.data() + out_at_, out_len_}; }
  bool same_start() const { return !apart_ && in_at_ == out_at_; }
  fuzz::geometry geometry() {
    return {reinterpret_cast<std::uintptr_t>(in().data()), reinterpret_cast<std::uintptr_t>(out().data()), out_len_};
  }

  bool untouched() const { return memory_.holds(before_) && output_.untouched(); }
  /// The output begins with this and nothing else was written.
  bool wrote_only(const bytes& result) {
    bytes expected = apart_ ? bytes(out_len_, buffer::canary) : before_;
    std::copy(result.begin(), result.end(), expected.begin() + static_cast<std::ptrdiff_t>(out_at_));
    return apart_ ? output_.holds(expected) && memory_.holds(before_) : memory_.holds(expected);
  }

 private:
  static constexpr std::size_t shift_span = 64;
  std::size_t in_at_, out_at_;
  bool apart_;
  buffer memory_, output_;
  std::size_t in_len_, out_len_;
  bytes before_;
};

/// One call's spans: mostly good, sometimes too small by a little or overlapping.
placed place(input& from, const bytes& packet, std::size_t needed) {
  const unsigned choice = from.u8();
  const auto how = choice % 8 < 4 ? placed::how::in_place : choice % 8 < 7 ? placed::how::apart : placed::how::shifted;
  const int shift = how == placed::how::shifted ? static_cast<int>(from.u8() % 129) - 64 : 0;
  std::size_t out_len = needed;
  switch (choice / 8 % 8) {
    case 0: out_len = needed + from.u8(); break;
    case 1: out_len = needed - std::min<std::size_t>(needed, 1 + from.u8() % 24); break;
    default: break;
  }
  return placed(packet, how, out_len, shift, choice / 64 * 9);
}

/// A packet that the sender protected.
struct sent_packet {
  protocol type;
  std::uint64_t index;
  bytes plain, wire;
};

struct master_key {
  srtp::profile profile;
  bytes key, salt, mki;
  srtp::raw_keying raw() const { return {profile, key, salt, mki}; }
};

/// RFC 3711 4.2 and 5.2, RFC 4568 6.2, RFC 7714 12: not read from the library, which could be wrong about both ends.
fuzz::wire_format format_of(const master_key& key) {
  using format = fuzz::wire_format;
  switch (key.profile) {
    case srtp::profile::aead_aes_128_gcm:
    case srtp::profile::aead_aes_256_gcm: return {format::aes_gcm, 16, 16, key.mki};
    case srtp::profile::aead_chacha20_poly1305: return {format::chacha20_poly1305, 16, 16, key.mki};
    case srtp::profile::null_hmac_sha1_32: return {format::no_cipher, 4, 10, key.mki};
    case srtp::profile::null_hmac_sha1_80: return {format::no_cipher, 10, 10, key.mki};
    case srtp::profile::aes_cm_128_hmac_sha1_32:
    case srtp::profile::aes_192_cm_hmac_sha1_32:
    case srtp::profile::aes_256_cm_hmac_sha1_32: return {format::aes_cm, 4, 10, key.mki};
    default: return {format::aes_cm, 10, 10, key.mki};
  }
}

/// One call between a sender and a receiver.
template <class Sender, class Receiver>
class conversation {
 public:
  conversation(input& from, master_key& key, const srtp::sender_options& to_send,
               const srtp::receiver_options& to_receive, std::uint32_t hidden_from_sender,
               std::uint32_t hidden_from_receiver)
      : from_(from),
        key_(key),
        hidden_from_sender_(hidden_from_sender),
        hidden_from_receiver_(hidden_from_receiver),
        encrypts_rtcp_(to_send.srtcp_encryption),
        format_(format_of(key)) {
    typename Sender::known_stream known{ssrcs[0], next_seq_[0] = from.u64() >> 16, from.u32() >> 1};
    const unsigned joins = from.u8();
    if ((joins & 8) != 0) known.rtp = next_seq_[0] = (std::uint64_t{1} << 48) - 1 - joins / 16;
    if ((joins & 4) != 0) known.rtcp = (std::uint64_t{1} << 31) - joins / 16;
    std::vector<typename Sender::known_stream> sender_knows;
    std::vector<typename Receiver::known_stream> receiver_knows;
    if ((joins & 1) != 0) sender_knows.push_back(known);
    if ((joins & 2) != 0) receiver_knows.push_back({known.ssrc, known.rtp, known.rtcp});
    for (std::size_t i = 1; i < std::size(ssrcs); ++i) next_seq_[i] = from.u16();
    {
      const fuzz::hidden_features mask(hidden_from_sender_);
      sender_ = std::make_unique<Sender>(key.raw(), to_send, sender_knows);
    }
    const fuzz::hidden_features mask(hidden_from_receiver_);
    receiver_ = std::make_unique<Receiver>(key.raw(), to_receive, receiver_knows);
    require((*sender_)->rtp_overhead() == format_.overhead(protocol::rtp), "wrong rtp_overhead");
    require((*receiver_)->rtcp_overhead() == format_.overhead(protocol::rtcp), "wrong rtcp_overhead");
  }

  void run() {
    for (std::size_t i = 0; i < max_operations && from_.left() != 0; ++i) operate();
    receiver_->check_questions();
    sender_->check_questions();
  }

 private:
  static constexpr std::uint32_t ssrcs[] = {0, 1, 0xdecafbad, 0xffffffff, 0x80000000, 0x00010000};

  void operate() {
    switch (from_.below(16)) {
      case 0:
      case 1:
      case 2: send_rtp(); break;
      case 3: send_rtcp(); break;
      case 4:
      case 5:
      case 6:
      case 7: deliver_sent(false); break;
      case 8:
      case 9: deliver_sent(true); break;
      case 10: deliver_anything(); break;
      case 11: remove_from_receiver(); break;
      case 12: remove_from_sender(); break;
      case 13: continue_receiver(); break;
      case 14: continue_sender(); break;
      default: send_anything(); break;
    }
  }

  void send_rtp() {
    const unsigned choice = from_.u8();
    const std::size_t stream = choice % std::size(ssrcs);
    // Mostly the next number; else a small step either way, or any.
    std::uint64_t& next = next_seq_[stream];
    std::uint64_t now = next;
    if (choice >= 200)
      now = from_.u16();
    else if (choice >= 140)
      now = next + from_.u8() - 128;
    const auto seq = static_cast<std::uint16_t>(now);
    next = now + 1;
    protect(protocol::rtp, make_rtp(ssrcs[stream], seq));
  }
  bytes make_rtp(std::uint32_t ssrc, std::uint16_t seq) {
    const unsigned shape = from_.u8();
    const std::size_t csrcs = shape % 4 == 0 ? shape / 16 : 0, extension = shape % 4 == 1 ? shape / 16 : 0;
    bytes p{static_cast<std::uint8_t>(0x80 | csrcs | (shape % 4 == 1 ? 0x10u : 0u) | (shape & 4) << 3), from_.u8()};
    p.push_back(static_cast<std::uint8_t>(seq >> 8));
    p.push_back(static_cast<std::uint8_t>(seq));
    append(p, from_.fill(4));
    append_word(p, ssrc);
    append(p, from_.fill(4 * csrcs));
    if (shape % 4 == 1) {
      append_word(p, 0xbede0000u | static_cast<std::uint32_t>(extension));
      append(p, from_.fill(4 * extension));
    }
    append_payload(p);
    return p;
  }
  void send_rtcp() {
    bytes p{0x80, static_cast<std::uint8_t>(200 + from_.below(8)), 0, 1};
    append_word(p, ssrcs[from_.below(std::size(ssrcs))]);
    append_payload(p);
    protect(protocol::rtcp, std::move(p));
  }
  void append_payload(bytes& p) {
    const std::size_t len = from_.u8();
    append(p, pattern_.fill(len == 255 ? max_packet : len));
  }
  void send_anything() {
    const auto type = from_.flag() ? protocol::rtp : protocol::rtcp;
    protect(type, from_.take(from_.u8()));
  }

  void deliver_sent(bool altered) {
    if (sent_.empty()) return;
    // From the latest back, so that one zero byte delivers in order of sending.
    const std::size_t back = from_.u8() % sent_.size();
    const sent_packet& p = sent_[sent_.size() - 1 - back];
    bytes wire = p.wire;
    auto type = p.type;
    if (altered) alter(wire, type);
    unprotect(type, wire);
  }
  void alter(bytes& wire, protocol& type) {
    switch (from_.below(6)) {
      case 0: wire.resize(wire.size() - std::min<std::size_t>(wire.size(), 1 + from_.u8())); break;
      case 1: append(wire, from_.take(1 + from_.u8() % 32)); break;
      case 2: type = type == protocol::rtp ? protocol::rtcp : protocol::rtp; break;
      case 3:
        if (!wire.empty()) wire[from_.u16() % wire.size()] ^= from_.u8();
        break;
      default:  // near the end, where trailers are, or near the start
        if (!wire.empty()) {
          const std::size_t at = from_.u8() % 64 % wire.size();
          wire[from_.flag() ? at : wire.size() - 1 - at] ^= static_cast<std::uint8_t>(1u << from_.below(8));
        }
    }
  }
  void deliver_anything() {
    const auto type = from_.flag() ? protocol::rtp : protocol::rtcp;
    unprotect(type, from_.take(from_.u8()));
  }

  void protect(protocol type, bytes packet) {
    placed at = place(from_, packet, packet.size() + format_.overhead(type));
    Sender& tx = *sender_;
    const fuzz::verdict expected = tx.model.judge_plain(type, packet, format_, at.geometry());
    const bytes before = tx.image();
    const auto wire = call_protect(type, at);
    const auto counts = tx->statistics();
    settle("protect", type, tx, at, expected, wire, counts, before);
    if (!wire) return;
    require(wire->size() == packet.size() + format_.overhead(type), "protect: wrong length");
    const bytes made(wire->begin(), wire->end());
    require(at.wrote_only(made), "protect: wrote outside of its packet");
    check_clear_parts(type, packet, made);
    check_wire(type, packet, expected.index, made);
    sent_.push_back({type, expected.index, std::move(packet), made});
    authentic_.insert_or_assign({type, made}, sent_.size() - 1);
  }
  /// The wrapper for one buffer where it applies, and both byte types.
  sotto::result<sotto::mutable_bytes> call_protect(protocol type, placed& at) {
    end_of<Sender>& tx = *sender_->operator->();
    const bool std_byte = from_.flag(), one_buffer = at.same_start() && at.in().size() <= at.out().size();
    if (std_byte) {
      const auto in = std::as_bytes(at.in());
      const auto out = std::as_writable_bytes(at.out());
      if (one_buffer)
        return as_u8(type == protocol::rtp ? tx.protect(out, in.size()) : tx.protect_rtcp(out, in.size()));
      return as_u8(type == protocol::rtp ? tx.protect(in, out) : tx.protect_rtcp(in, out));
    }
    if (one_buffer)
      return type == protocol::rtp ? tx.protect(at.out(), at.in().size()) : tx.protect_rtcp(at.out(), at.in().size());
    return type == protocol::rtp ? tx.protect(at.in(), at.out()) : tx.protect_rtcp(at.in(), at.out());
  }

  /// RFC 3711 3.1, 3.4: headers stay in the clear, and so do payloads without a cipher.
  void check_clear_parts(protocol type, const bytes& plain, const bytes& wire) const {
    const bool clear = format_.cipher == fuzz::wire_format::no_cipher;
    const std::size_t header = type == protocol::rtcp ? 8 : fuzz::read_rtp(plain.data(), plain.size())->header_len;
    const std::size_t len = clear ? plain.size() : header;
    require(std::memcmp(plain.data(), wire.data(), len) == 0, "protect: changed what stays clear");
    const auto mki_at = wire.begin() + static_cast<std::ptrdiff_t>(format_.mki_at(type, wire.size()));
    require(std::equal(format_.mki.begin(), format_.mki.end(), mki_at), "protect: no MKI where it belongs");
  }

  /// Every byte as the RFC's formulas over OpenSSL's ciphers have it.
  void check_wire([[maybe_unused]] protocol type, [[maybe_unused]] const bytes& plain,
                  [[maybe_unused]] std::uint64_t index, [[maybe_unused]] const bytes& wire) const {
#if defined(SOTTO_PEER_OPENSSL)
    const fuzz::srtp_reference reference(format_, key_.key, key_.salt);
    const bytes expected =
        type == protocol::rtcp
            ? reference.protect_rtcp(plain, static_cast<std::uint32_t>(index), encrypts_rtcp_)
            : reference.protect_rtp(plain, fuzz::read_rtp(plain.data(), plain.size())->header_len, index);
    require(wire == expected, "protect: OpenSSL disagrees");
#endif
  }

  void unprotect(protocol type, const bytes& wire) {
    placed at = place(from_, wire, wire.size() - std::min(wire.size(), format_.overhead(type)));
    Receiver& rx = *receiver_;
    fuzz::verdict expected = rx.model.judge_wire(type, wire, format_, at.geometry());
    const sent_packet* const genuine = find_genuine(type, wire, expected);
    if (!expected.refused && genuine == nullptr) expected.refused = error::authentication_failed;
    const bytes before = rx.image();
    const auto plain = call_unprotect(type, at);
    const auto counts = rx->statistics();
    settle("unprotect", type, rx, at, expected, plain, counts, before);
    if (!plain) return;
    require(std::equal(plain->begin(), plain->end(), genuine->plain.begin(), genuine->plain.end()),
            "unprotect: released something else than was protected");
    require(at.wrote_only(genuine->plain), "unprotect: wrote outside of its packet");
  }
  /// The packet of these bytes that was protected at this index.
  const sent_packet* find_genuine(protocol type, const bytes& wire, const fuzz::verdict& v) const {
    const auto found = authentic_.find({type, wire});
    if (found == authentic_.end() || sent_[found->second].index != v.index) return nullptr;
    return &sent_[found->second];
  }
  sotto::result<sotto::mutable_bytes> call_unprotect(protocol type, placed& at) {
    end_of<Receiver>& rx = *receiver_->operator->();
    const bool std_byte = from_.flag(), one_buffer = at.same_start() && at.in().size() == at.out().size();
    if (std_byte) {
      const auto in = std::as_bytes(at.in());
      const auto out = std::as_writable_bytes(at.out());
      if (one_buffer) return as_u8(type == protocol::rtp ? rx.unprotect(out) : rx.unprotect_rtcp(out));
      return as_u8(type == protocol::rtp ? rx.unprotect(in, out) : rx.unprotect_rtcp(in, out));
    }
    if (one_buffer) return type == protocol::rtp ? rx.unprotect(at.out()) : rx.unprotect_rtcp(at.out());
    return type == protocol::rtp ? rx.unprotect(at.in(), at.out()) : rx.unprotect_rtcp(at.in(), at.out());
  }

  /// What holds for both directions once the call is over: the verdict, one count, and memory after a refusal.
  template <class Which>
  void settle(const char* call, protocol type, Which& end, placed& at, const fuzz::verdict& expected,
              const sotto::result<sotto::mutable_bytes>& got, const srtp::session_statistics& counts,
              const bytes& before) {
    if (got.has_value() == expected.refused.has_value() || (!got && got.error() != *expected.refused)) {
      const std::string what = std::string(call) + ": got '" + (got ? "success" : name_of(got.error())) +
                               "', expected '" + (expected.refused ? name_of(*expected.refused) : "success") + "'";
      require(false, what.c_str(), (*receiver_)->kernel_name());
    }
    const std::uint64_t accepted = counts.rtp_packets + counts.rtcp_packets;
    if (got) {
      require(got->data() == at.out().data(), call, "wrong span");
      require(counts.refused() == 0 && accepted == 1, call, "a success wasn't counted as one");
      require((type == protocol::rtp ? counts.rtp_packets : counts.rtcp_packets) == 1, call, "counted as another kind");
      end.model.accept(type, expected);
      return;
    }
    require(accepted == 0 && counts.refused() == 1 && counts.refused(got.error()) == 1, call,
            "a refusal wasn't counted as one");
    require(end.image() == before, call, "a refusal changed the state");
    require(at.untouched(), call, "a refusal wrote to a buffer");
  }

  void remove_from_receiver() {
    const std::uint32_t ssrc = ssrcs[from_.below(std::size(ssrcs))];
    const bool removed = (*receiver_)->remove(srtp::ssrc(ssrc)).has_value();
    require(removed == (receiver_->model.streams.erase(ssrc) != 0), "receiver: remove");
    receiver_->check_questions();
  }
  void remove_from_sender() {
    auto& model = sender_->model;
    const std::uint32_t ssrc = ssrcs[from_.below(std::size(ssrcs))];
    std::optional<error> refused;
    if (model.find(ssrc) == nullptr) refused = error::unknown_stream;
    const auto removed = (*sender_)->remove(srtp::ssrc(ssrc));
    require(removed.has_value() == !refused && (removed || removed.error() == *refused), "sender: remove");
    if (removed) {
      model.streams.erase(ssrc);
      model.retired.insert(ssrc);
    }
    sender_->check_questions();
  }
  void continue_receiver() {
    const fuzz::hidden_features mask(hidden_from_receiver_);
    receiver_->continue_from_state(key_.raw(), false);
    receiver_->check_questions();
  }
  /// Both ends at once if the key changes; what was sent with the old one is no longer genuine.
  void continue_sender() {
    const bool rekey = from_.flag();
    if (rekey) {
      ++key_.key[from_.below(key_.key.size())];
      authentic_.clear();
      const fuzz::hidden_features mask(hidden_from_receiver_);
      receiver_->continue_from_state(key_.raw(), true);
    }
    const fuzz::hidden_features mask(hidden_from_sender_);
    sender_->continue_from_state(key_.raw(), rekey);
    sender_->check_questions();
  }

  template <class E>
  using end_of = std::remove_reference_t<decltype(*std::declval<E&>().operator->())>;

  static sotto::result<sotto::mutable_bytes> as_u8(const sotto::result<std::span<std::byte>>& r) {
    if (!r) return sotto::failure{r.error()};
    return sotto::as_u8(*r);
  }
  static void append_word(bytes& to, std::uint32_t word) {
    for (int shift = 24; shift >= 0; shift -= 8) to.push_back(static_cast<std::uint8_t>(word >> shift));
  }

  input& from_;
  input pattern_{nullptr, 0};  // payload contents, which choose nothing
  master_key& key_;
  std::uint32_t hidden_from_sender_, hidden_from_receiver_;
  [[maybe_unused]] bool encrypts_rtcp_;
  fuzz::wire_format format_;
  std::unique_ptr<Sender> sender_;
  std::unique_ptr<Receiver> receiver_;
  std::uint64_t next_seq_[std::size(ssrcs)]{};
  std::vector<sent_packet> sent_;
  std::map<std::pair<protocol, bytes>, std::size_t> authentic_;
};

template <std::size_t MaxStreams, std::size_t WindowBits, std::size_t Slots = 0,
          srtp::packet_transform Transform = srtp::any_transform>
using sender_end = end<srtp::basic_sender<Transform, MaxStreams, WindowBits>, MaxStreams, WindowBits, Slots>;
template <std::size_t MaxStreams, std::size_t WindowBits, std::size_t Slots = 0,
          srtp::packet_transform Transform = srtp::any_transform>
using receiver_end = end<srtp::basic_receiver<Transform, MaxStreams, WindowBits>, MaxStreams, WindowBits, Slots>;

/// Few packets, so that the end of a key's life comes.
srtp::key_lifetime choose_lifetime(unsigned choice) {
  if (choice % 4 != 3) return {};
  return {1 + std::uint64_t{choice / 4}, 1 + std::uint64_t{choice / 16}};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t len) {
  input from(data, len);
  const srtp::profile profile = srtp::profiles[from.below(std::size(srtp::profiles))];
  const auto constants = srtp::parameters(profile);
  const std::size_t shape = from.below(4), mki_choice = from.below(4);
  const std::size_t mki_len = mki_choice == 0 ? 4 : mki_choice == 1 ? from.below(srtp::max_mki_len + 1) : 0;
  // Each end with its own kernels.
  const std::uint32_t hidden_from_sender = from.u32(), hidden_from_receiver = from.u32();
  // The model knows one index for each sequence number.
  const srtp::receiver_options to_receive{.lifetime = choose_lifetime(from.u8()), .new_stream_rocs = 0};
  const unsigned sending = from.u8();
  const srtp::sender_options to_send{.lifetime = choose_lifetime(sending / 2), .srtcp_encryption = sending % 2 == 0};
  input contents(nullptr, 0);
  master_key key{profile, contents.fill(constants.key_len), contents.fill(constants.salt_len), contents.fill(mki_len)};

  const auto run = [&]<class Sender, class Receiver>() {
    conversation<Sender, Receiver>(from, key, to_send, to_receive, hidden_from_sender, hidden_from_receiver).run();
  };
  switch (shape) {
    case 0: run.template operator()<sender_end<16, 1024>, receiver_end<16, 1024>>(); break;
    case 1: run.template operator()<sender_end<4, 64>, receiver_end<2, 64>>(); break;
    case 2:
      run.template operator()<sender_end<srtp::caller_supplied, 128, 5>, receiver_end<srtp::caller_supplied, 192, 3>>();
      break;
    default: {
      // Ends that link one cipher only.
      using gcm = srtp::transform_for<srtp::profile::aead_aes_128_gcm>;
      using chacha = srtp::transform_for<srtp::profile::aead_chacha20_poly1305>;
      using cm = srtp::transform_for<srtp::profile::aes_cm_128_hmac_sha1_80>;
      if (gcm::supports(profile))
        run.template operator()<sender_end<8, 256, 0, gcm>, receiver_end<8, 64, 0, gcm>>();
      else if (chacha::supports(profile))
        run.template operator()<sender_end<8, 256, 0, chacha>, receiver_end<8, 64, 0, chacha>>();
      else
        run.template operator()<sender_end<8, 256, 0, cm>, receiver_end<8, 64, 0, cm>>();
    }
  }
  return 0;
}
