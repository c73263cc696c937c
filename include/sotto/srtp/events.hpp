// SPDX-License-Identifier: BSL-1.0
// What a session tells its application, when it happens.
#pragma once

#include <cstdint>

#include "../core/abi.hpp"
#include "packet.hpp"
#include "packet_index.hpp"

namespace sotto::inline SOTTO_ABI::srtp {

/// What happened. Only authenticated or protected packets cause events, so nobody without the key can.
enum class event_kind : std::uint8_t {
  stream_added,          ///< The first packet of an SSRC was protected or authenticated.
  key_nearly_exhausted,  ///< As many packets are left as the options' warn_when_left says: time for a new master key.
  key_exhausted,         ///< The last packet of the active key's lifetime was used.
  roc_recovered,         ///< A receiver found a stream's ROC by trying, or in a packet that carried it.
  key_switched,          ///< A receiver met the first packet under another MKI.
};

struct event {
  event_kind kind;
  srtp::ssrc ssrc;     ///< Of the packet at hand.
  packet_index index;  ///< Its index (SRTCP: the SRTCP index).
};

/// A function and what it is called with; one per session, none by default. It runs inside the call that caused it,
/// when that can't fail any more, and must not call into the session.
struct event_handler {
  void (*function)(void* context, const event&) noexcept = nullptr;
  void* context = nullptr;

  void operator()(const event& e) const noexcept {
    if (function != nullptr) function(context, e);
  }
};

}  // namespace sotto::inline SOTTO_ABI::srtp
