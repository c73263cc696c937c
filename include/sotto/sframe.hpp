// SPDX-License-Identifier: BSL-1.0
// SFrame: media frames protected end to end, through servers that can route but not listen (RFC 9605).
#pragma once

#include "sframe/aes_ctr_hmac_sha256.hpp"
#include "sframe/base_key.hpp"
#include "sframe/cipher_suite.hpp"
#include "sframe/end_to_end_base_keys.hpp"
#include "sframe/frame_cipher.hpp"
#include "sframe/header.hpp"
#include "sframe/ratchet.hpp"
#include "sframe/receiver.hpp"
#include "sframe/receiving_key.hpp"
#include "sframe/replay_window.hpp"
#include "sframe/sender.hpp"
