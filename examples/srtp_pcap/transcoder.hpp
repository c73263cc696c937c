// SPDX-License-Identifier: BSL-1.0
// Protects or unprotects packets under what was agreed on, whichever was asked for, with room for any number of SSRCs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <sotto/core/bytes.hpp>
#include <sotto/srtp.hpp>
#include <stdexcept>
#include <utility>
#include <variant>
#include <vector>

#include "agreement.hpp"

namespace examples {

class transcoder {
  static constexpr std::size_t window = 1024, most_keys = 4;
  template <template <class, std::size_t, std::size_t, std::size_t> class Session>
  using session_on_slots = Session<sotto::srtp::any_transform, sotto::srtp::caller_supplied, window, most_keys>;
  using sender = session_on_slots<sotto::srtp::basic_sender>;
  using receiver = session_on_slots<sotto::srtp::basic_receiver>;

 public:
  transcoder(bool protect, const agreement& agreed, std::size_t streams)
      : transcoder(protect, agreed, streams, slots{}) {}
  transcoder(const transcoder&) = delete;
  transcoder& operator=(const transcoder&) = delete;

  sotto::result<sotto::mutable_bytes> convert(bool rtcp, sotto::const_bytes in, sotto::mutable_bytes out) noexcept {
    if (auto* const rx = std::get_if<receiver>(&session_))
      return rtcp ? rx->unprotect_rtcp(in, out) : rx->unprotect(in, out);
    auto* const tx = std::get_if<sender>(&session_);
    for (;;) {
      const auto made = rtcp ? tx->protect_rtcp(in, out) : tx->protect(in, out);
      // RFC 4568 6.1: a key whose lifetime is over makes room for the next.
      if (made || made.error() != sotto::error::key_exhausted || spare_mkis_.empty()) return made;
      (void)tx->use_key(spare_mkis_.front());
      spare_mkis_.pop_front();
    }
  }
  /// For the stream's first packet. Call it for as many streams as there is room for.
  void set_roc(sotto::srtp::ssrc source, sotto::srtp::rollover_counter roc) {
    check(std::visit([&](auto& s) { return s.set_roc(source, roc); }, session_));
  }
  const char* kernel_name() const noexcept {
    return std::visit([](const auto& s) { return s.kernel_name(); }, session_);
  }

 private:
  /// The library allocates nothing: this program, which has read the whole capture once, knows how many streams there
  /// are.
  struct slots {
    std::vector<sender::slot> sending;
    std::vector<receiver::slot> receiving;
  };
  transcoder(bool protect, const agreement& agreed, std::size_t streams, slots&& empty)
      : slots_(std::move(empty)),
        session_(protect ? std::variant<sender, receiver>(make<sender>(agreed, slots_.sending, streams))
                         : std::variant<sender, receiver>(make<receiver>(agreed, slots_.receiving, streams))) {
    for (std::size_t i = 1; i < agreed.keys.size(); ++i) {
      const auto mki = agreed.keys[i].keying.mki();
      spare_mkis_.emplace_back(mki.begin(), mki.end());
    }
  }

  template <class Session>
  static Session make(const agreement& agreed, std::vector<typename Session::slot>& room, std::size_t streams) {
    room.resize(streams);
    auto state = Session::state::create(room);
    check(state);
    typename Session::options options;
    options.protection = agreed.protection;
    options.lifetime = agreed.keys.front().lifetime;
    if constexpr (requires { options.srtcp_encryption; }) options.srtcp_encryption = agreed.srtcp_encryption;
    auto made = Session::resume(agreed.keys.front().keying, std::move(*state), options);
    check(made);
    for (std::size_t i = 1; i < agreed.keys.size(); ++i)
      check(made->add_key(agreed.keys[i].keying, agreed.keys[i].lifetime));
    return std::move(*made);
  }
  static void check(const auto& result) {
    if (!result) throw std::runtime_error(message(result.error()));
  }

  slots slots_;
  std::variant<sender, receiver> session_;
  std::deque<std::vector<std::uint8_t>> spare_mkis_;  ///< Of keys that haven't protected yet.
};

}  // namespace examples
