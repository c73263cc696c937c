// SPDX-License-Identifier: BSL-1.0
// SRTP and SRTCP: protected real-time media (RFC 3711, 5761, 6188, 7714).
#pragma once

#include "srtp/aead_transform.hpp"
#include "srtp/aes_cm_hmac_sha1_transform.hpp"
#include "srtp/any_transform.hpp"
#include "srtp/key_derivation.hpp"
#include "srtp/keying.hpp"
#include "srtp/packet.hpp"
#include "srtp/packet_index.hpp"
#include "srtp/packet_protection.hpp"
#include "srtp/profile.hpp"
#include "srtp/receiver.hpp"
#include "srtp/replay_window.hpp"
#include "srtp/sender.hpp"
#include "srtp/session.hpp"
#include "srtp/session_state.hpp"
#include "srtp/statistics.hpp"
#include "srtp/stream_table.hpp"
#include "srtp/transform.hpp"
