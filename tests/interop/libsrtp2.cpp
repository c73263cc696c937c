// SPDX-License-Identifier: BSL-1.0
// Sotto's ends, and what the tests of every topic share.
#include "libsrtp2.hpp"

#include <algorithm>
#include <cstdio>
#include <string_view>
#include <utility>

#include "support/catch.hpp"
#include "support/pattern.hpp"

namespace interop {
namespace {

srtp::protection_options protection_of(const agreement& a) {
  srtp::protection_options o;
  for (const std::uint8_t id : a.encrypted_extensions) o.encrypted_extensions.add(id);
  o.encrypt_rtp = a.encrypt_rtp;
  return o;
}

/// What both of Sotto's ends answer alike.
template <class Session>
std::uint32_t roc_of(const Session& s, std::uint32_t ssrc) {
  const auto highest = s.highest_index(srtp::ssrc(ssrc));
  REQUIRE(highest);
  return srtp::rollover_of(*highest).value();
}

class sotto_sending : public sending_end {
 public:
  explicit sotto_sending(const agreement& a)
      : agreed_(a),
        tx_(srtp::sender::create(a.masters.front().raw(),
                                 {.srtcp_encryption = a.encrypt_rtcp, .protection = protection_of(a)})) {
    REQUIRE(tx_);
  }
  octets protect(const octets& rtp) override {
    octets out(rtp.size() + tx_->rtp_overhead());
    const auto wire = tx_->protect(rtp, out);
    return wire ? keys::to_bytes(*wire) : octets();
  }
  octets protect_rtcp(const octets& rtcp) override {
    octets out(rtcp.size() + tx_->rtcp_overhead());
    const auto wire = tx_->protect_rtcp(rtcp, out);
    return wire ? keys::to_bytes(*wire) : octets();
  }
  bool add_key(std::size_t n) override { return tx_->add_key(agreed_.masters.at(n).raw()).has_value(); }
  bool use_key(std::size_t n) override { return tx_->use_key(agreed_.masters.at(n).mki).has_value(); }
  bool set_roc(std::uint32_t ssrc, std::uint32_t roc) override {
    return tx_->set_roc(srtp::ssrc(ssrc), srtp::rollover_counter(roc)).has_value();
  }
  std::uint32_t roc(std::uint32_t ssrc) override { return roc_of(*tx_, ssrc); }

 private:
  agreement agreed_;
  sotto::result<srtp::sender> tx_;
};

class sotto_receiving : public receiving_end {
 public:
  explicit sotto_receiving(const agreement& a)
      : agreed_(a), rx_(srtp::receiver::create(a.masters.front().raw(), {.protection = protection_of(a)})) {
    REQUIRE(rx_);
  }
  outcome unprotect(const octets& wire) override {
    octets buffer = wire;
    return judge(rx_->unprotect(buffer));
  }
  outcome unprotect_rtcp(const octets& wire) override {
    octets buffer = wire;
    return judge(rx_->unprotect_rtcp(buffer));
  }
  bool add_key(std::size_t n) override { return rx_->add_key(agreed_.masters.at(n).raw()).has_value(); }
  bool set_roc(std::uint32_t ssrc, std::uint32_t roc) override {
    return rx_->set_roc(srtp::ssrc(ssrc), srtp::rollover_counter(roc)).has_value();
  }
  std::uint32_t roc(std::uint32_t ssrc) override { return roc_of(*rx_, ssrc); }

 private:
  static outcome judge(const sotto::result<sotto::mutable_bytes>& r) {
    if (r) return {verdict::accepted, keys::to_bytes(*r)};
    const bool replayed = r.error() == sotto::error::replayed || r.error() == sotto::error::too_old;
    return {replayed ? verdict::replayed : verdict::refused, {}};
  }

  agreement agreed_;
  sotto::result<srtp::receiver> rx_;
};

}  // namespace

std::unique_ptr<sending_end> sotto_sender(const agreement& a) { return std::make_unique<sotto_sending>(a); }
std::unique_ptr<receiving_end> sotto_receiver(const agreement& a) { return std::make_unique<sotto_receiving>(a); }

std::vector<direction> both_ways(const agreement& a) {
  std::vector<direction> ways;
  ways.push_back({"libsrtp to Sotto", libsrtp_sender(a), sotto_receiver(a)});
  ways.push_back({"Sotto to libsrtp", sotto_sender(a), libsrtp_receiver(a)});
  for (const direction& d : ways) REQUIRE((d.tx && d.rx));
  return ways;
}

std::vector<srtp::profile> common_profiles() {
  std::vector<srtp::profile> common;
  for (const srtp::profile p : srtp::profiles) {
    if (!srtp::is_registered(p) || srtp::parameters(p).key_len == 24) continue;
    const agreement a(p);
    if (libsrtp_sender(a) && libsrtp_receiver(a)) {
      common.push_back(p);
      continue;
    }
    std::printf("SKIPPED: %s: this build of libsrtp doesn't know it\n", a.name().c_str());
    REQUIRE(srtp::is_aead(srtp::parameters(p).cipher));
  }
  REQUIRE(!common.empty());
  return common;
}

octets varied_rtp(std::uint32_t ssrc, std::uint16_t seq, std::size_t payload_len, std::size_t n) {
  const std::size_t csrcs = n % 16;
  const int extension = n % 3 == 0 ? -1 : static_cast<int>(n / 3 % 20);
  octets p = keys::rtp(ssrc, seq, payload_len, csrcs, extension);
  support::pattern random(n);
  std::generate_n(p.begin() + 12, 4 * csrcs, [&random] { return static_cast<std::uint8_t>(random.next()); });
  p[1] = static_cast<std::uint8_t>(random.next());  // marker and payload type
  sotto::core::store_be32(&p[4], static_cast<std::uint32_t>(random.next()));
  if (payload_len != 0 && n % 5 == 0) {
    p[0] |= 0x20;
    p.back() = static_cast<std::uint8_t>(std::min<std::size_t>(payload_len, 1 + n % 255));
  }
  return p;
}

octets varied_rtcp(std::uint32_t ssrc, std::size_t len, std::size_t n) {
  octets p = keys::rtcp(ssrc, len, static_cast<std::uint8_t>(200 + n % 8));
  sotto::core::store_be16(&p[2], static_cast<std::uint16_t>(len / 4 - 1));
  return p;
}

void tally::count(bool right, const char* what, std::size_t n) {
  ++packets_;
  if (right) return;
  if (wrong_++ == 0) first_wrong_ = what + (' ' + std::to_string(n));
}

octets tally::send(direction& d, const octets& rtp, std::size_t n) {
  octets wire = d.tx->protect(rtp);
  const outcome o = d.rx->unprotect(wire);
  count(o.judged == verdict::accepted && o.packet == rtp && wire.size() > rtp.size(), "packet", n);
  return wire;
}

octets tally::send_rtcp(direction& d, const octets& rtcp, std::size_t n) {
  octets wire = d.tx->protect_rtcp(rtcp);
  const outcome o = d.rx->unprotect_rtcp(wire);
  count(o.judged == verdict::accepted && o.packet == rtcp && wire.size() > rtcp.size(), "packet", n);
  return wire;
}

void tally::finish(const char* of) const {
  std::printf("%s, %s: %zu %s, %zu wrong\n", what_.c_str(), way_, packets_, of, wrong_);
  INFO(what_ << ", " << way_ << ", " << of << "; first: " << first_wrong_);
  CHECK(packets_ != 0);
  CHECK(wrong_ == 0);
}

}  // namespace interop
