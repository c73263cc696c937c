// SPDX-License-Identifier: BSL-1.0
// libsrtp on one end and Sotto on the other, both keyed by one agreement, in both directions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "sotto/srtp.hpp"
#include "srtp/keys.hpp"

namespace interop {

namespace srtp = sotto::srtp;
using keys::octets;

/// What both ends are told. Without MKIs there is one master key.
struct agreement {
  srtp::profile profile;
  std::vector<keys::master> masters;  ///< The first is used until use_key.
  std::vector<std::uint8_t> encrypted_extensions;
  bool encrypt_rtp = true, encrypt_rtcp = true;
  std::vector<std::uint32_t> ssrcs;  ///< Streams known beforehand; if none, whichever come.

  explicit agreement(srtp::profile p, std::size_t mki_len = 0) : profile(p), masters{keys::master(p, mki_len)} {
    if (mki_len != 0) masters.emplace_back(p, mki_len, 2);
  }
  std::string name() const { return std::string(srtp::name(profile)); }
};

enum class verdict { accepted, replayed, refused };

struct outcome {
  verdict judged;
  octets packet;  ///< Empty unless accepted
};

class sending_end {
 public:
  virtual ~sending_end() = default;
  virtual octets protect(const octets& rtp) = 0;        ///< Empty if refused
  virtual octets protect_rtcp(const octets& rtcp) = 0;  ///< The same
  /// Takes in the agreement's n-th master key: Sotto only then, libsrtp has them all from the start.
  virtual bool add_key(std::size_t n) = 0;
  virtual bool use_key(std::size_t n) = 0;
  virtual bool set_roc(std::uint32_t ssrc, std::uint32_t roc) = 0;
  virtual std::uint32_t roc(std::uint32_t ssrc) = 0;
};

class receiving_end {
 public:
  virtual ~receiving_end() = default;
  virtual outcome unprotect(const octets& wire) = 0;
  virtual outcome unprotect_rtcp(const octets& wire) = 0;
  virtual bool add_key(std::size_t n) = 0;  ///< As of the sending end
  virtual bool set_roc(std::uint32_t ssrc, std::uint32_t roc) = 0;
  virtual std::uint32_t roc(std::uint32_t ssrc) = 0;
};

/// Null if this build of libsrtp doesn't take the agreement.
std::unique_ptr<sending_end> libsrtp_sender(const agreement& a);
std::unique_ptr<receiving_end> libsrtp_receiver(const agreement& a);
std::unique_ptr<sending_end> sotto_sender(const agreement& a);
std::unique_ptr<receiving_end> sotto_receiver(const agreement& a);

struct direction {
  const char* way;
  std::unique_ptr<sending_end> tx;
  std::unique_ptr<receiving_end> rx;
};

/// From libsrtp to Sotto, and from Sotto to libsrtp.
std::vector<direction> both_ways(const agreement& a);

/// The profiles that this libsrtp knows too. The HMAC profiles are a must; of the others, those that are missing are
/// reported. There are none with AES-192: libsrtp up to 2.7 derives their keys with AES-256, against RFC 6188 (its
/// issue 763), so it is no oracle.
std::vector<srtp::profile> common_profiles();

/// An RTP packet whose header varies with n: CSRCs, an extension, marker, padding, payload type.
octets varied_rtp(std::uint32_t ssrc, std::uint16_t seq, std::size_t payload_len, std::size_t n);
/// An RTCP packet of len bytes, a multiple of 4, whose header says so.
octets varied_rtcp(std::uint32_t ssrc, std::size_t len, std::size_t n);

/// Counts what became of packets, and keeps the first one that went wrong.
class tally {
 public:
  tally(std::string what, const char* way) : what_(std::move(what)), way_(way) {}
  void count(bool right, const char* what, std::size_t n);
  /// Sends a packet in a direction; it must come out as it was. Returns what was on the wire.
  octets send(direction& d, const octets& rtp, std::size_t n);
  octets send_rtcp(direction& d, const octets& rtcp, std::size_t n);
  /// Prints the count and checks that there was something, and nothing wrong.
  void finish(const char* of) const;

 private:
  std::string what_;
  const char* way_;
  std::size_t packets_ = 0, wrong_ = 0;
  std::string first_wrong_;
};

}  // namespace interop
