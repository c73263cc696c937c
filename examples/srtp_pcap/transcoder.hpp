// SPDX-License-Identifier: BSL-1.0
// Protects or unprotects packets under one master key, whichever was asked for, with room for any number of SSRCs.
#pragma once

#include <cstddef>
#include <sotto/core/bytes.hpp>
#include <sotto/srtp.hpp>
#include <stdexcept>
#include <utility>
#include <variant>
#include <vector>

namespace examples {

class transcoder {
  using sender = sotto::srtp::basic_sender<sotto::srtp::any_transform, sotto::srtp::caller_supplied>;
  using receiver = sotto::srtp::basic_receiver<sotto::srtp::any_transform, sotto::srtp::caller_supplied>;

 public:
  transcoder(bool protect, const sotto::srtp::keying& keys, std::size_t streams)
      : transcoder(protect, keys, streams, slots{}) {}
  transcoder(const transcoder&) = delete;
  transcoder& operator=(const transcoder&) = delete;

  sotto::result<sotto::mutable_bytes> convert(bool rtcp, sotto::const_bytes in, sotto::mutable_bytes out) noexcept {
    if (auto* const tx = std::get_if<sender>(&session_)) return rtcp ? tx->protect_rtcp(in, out) : tx->protect(in, out);
    auto* const rx = std::get_if<receiver>(&session_);
    return rtcp ? rx->unprotect_rtcp(in, out) : rx->unprotect(in, out);
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
  transcoder(bool protect, const sotto::srtp::keying& keys, std::size_t streams, slots&& empty)
      : slots_(std::move(empty)),
        session_(protect ? std::variant<sender, receiver>(make<sender>(keys, slots_.sending, streams))
                         : std::variant<sender, receiver>(make<receiver>(keys, slots_.receiving, streams))) {}

  template <class Session>
  static Session make(const sotto::srtp::keying& keys, std::vector<typename Session::slot>& room, std::size_t streams) {
    room.resize(streams);
    auto state = Session::state::create(room);
    if (!state) throw std::runtime_error(message(state.error()));
    auto made = Session::resume(keys, std::move(*state));
    if (!made) throw std::runtime_error(message(made.error()));
    return std::move(*made);
  }

  slots slots_;
  std::variant<sender, receiver> session_;
};

}  // namespace examples
