// SPDX-License-Identifier: BSL-1.0
// A packet with the master key it was protected under, through senders and receivers on every kernel.
#include "session_check.hpp"

#include <cstddef>
#include <memory>
#include <string_view>
#include <utility>

#include "kernels.hpp"
#include "packet_check.hpp"

namespace vectors {
namespace {

namespace kernels = sotto::kernels;
namespace srtp = sotto::srtp;

srtp::ssrc source_of(const session_vector& v) {
  return srtp::ssrc(sotto::core::load_be32(v.plain.data() + (v.rtcp ? 4 : 8)));
}

/// A stream whose next packet is this one.
template <class State>
State state_of(const session_vector& v) {
  State s;
  // Indices were checked when the vector was read, and the table is empty.
  if (v.rtcp)
    (void)s.add_stream(source_of(v), srtp::packet_index(0), v.index);
  else
    (void)s.add_stream(source_of(v), srtp::packet_index(v.index));
  return s;
}

auto make_sender(const session_vector& v) {
  return srtp::sender::resume(v.keying(), state_of<srtp::sender::state>(v),
                              {.srtcp_encryption = v.encrypted, .protection = v.protection});
}
auto make_receiver(const session_vector& v) {
  return srtp::receiver::resume(v.keying(), state_of<srtp::receiver::state>(v), {.protection = v.protection});
}

packet_call sender_call(const session_vector& v) {
  auto made = make_sender(v);
  if (!made) return failing(made.error());
  return [tx = std::make_shared<srtp::sender>(std::move(*made)), rtcp = v.rtcp](sotto::const_bytes in,
                                                                                sotto::mutable_bytes out) {
    if (in.data() == out.data()) return rtcp ? tx->protect_rtcp(out, in.size()) : tx->protect(out, in.size());
    return rtcp ? tx->protect_rtcp(in, out) : tx->protect(in, out);
  };
}

packet_call receiver_call(const session_vector& v) {
  auto made = make_receiver(v);
  if (!made) return failing(made.error());
  return [rx = std::make_shared<srtp::receiver>(std::move(*made)), rtcp = v.rtcp](sotto::const_bytes in,
                                                                                  sotto::mutable_bytes out) {
    if (in.data() == out.data() && in.size() == out.size()) return rtcp ? rx->unprotect_rtcp(out) : rx->unprotect(out);
    return rtcp ? rx->unprotect_rtcp(in, out) : rx->unprotect(in, out);
  };
}

/// What the receiver returns: Cryptex gives packets with CSRCs only an empty extension, which stays.
bytes opened(const session_vector& v) {
  const std::size_t csrc_end = 12 + 4 * (v.plain[0] & 0x0fu);
  bytes out = v.plain;
  if (v.rtcp || v.protection.cryptex == srtp::cryptex::off || csrc_end == 12 || (out[0] & 0x10) != 0) return out;
  if (out.size() < csrc_end) return out;
  out[0] |= 0x10;
  const bytes empty = {0xbe, 0xde, 0, 0};
  out.insert(out.begin() + static_cast<std::ptrdiff_t>(csrc_end), empty.begin(), empty.end());
  return out;
}

/// Both ends while only `name`'s features show. That they are bound to it isn't assumed but read from them.
void check_bound(test_case& c, std::string_view name, const std::string& kernel, const session_vector& v) {
  const auto tx = make_sender(v);
  const auto rx = make_receiver(v);
  if (!tx || !rx) {
    c.require(kernel, false, std::string("the keys were refused: ") + sotto::message(!tx ? tx.error() : rx.error()));
    return;
  }
  c.require(kernel, tx->kernel_name() == name, std::string("the sender runs ") + tx->kernel_name());
  c.require(kernel, rx->kernel_name() == name, std::string("the receiver runs ") + rx->kernel_name());
  packet_ends ends{[&v] { return sender_call(v); }, [&v] { return receiver_call(v); }};
  ends.refusals_copy = v.protection.cryptex != srtp::cryptex::off;
  check_packet(c, kernel, v.plain, v.wire, opened(v), ends);
}

}  // namespace

sotto::result<srtp::profile> profile_of(std::string name) {
  for (const char* bits : {"192", "256"})
    if (const std::string pattern = std::string("AES_CM_") + bits + '_'; name.rfind(pattern, 0) == 0)
      name.replace(0, pattern.size(), std::string("AES_") + bits + "_CM_");
  return srtp::find_profile(name);
}

void check_session(report& r, test_case& c, const session_vector& v) {
  const auto check = [&](std::string_view name, const std::string& kernel) { check_bound(c, name, kernel, v); };
  namespace gcm = kernels::aes_gcm;
  namespace cm = kernels::aes_cm_hmac_sha1;
  if (srtp::parameters(v.profile).cipher == srtp::cipher::aes_gcm)
    on_each_bound(
        gcm::candidates(), +[]() -> const gcm::kernel& { return gcm::select(); }, "aes_gcm", r, c, check);
  else
    on_each_bound(
        cm::candidates(), +[]() -> const cm::kernel& { return cm::select(); }, "aes_cm_hmac_sha1", r, c, check);
}

}  // namespace vectors
