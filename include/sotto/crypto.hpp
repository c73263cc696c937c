// SPDX-License-Identifier: BSL-1.0
// Everything a cryptographer would name, and the system's randomness.
#pragma once

#include "core/random.hpp"
#include "crypto/aead.hpp"
#include "crypto/aes_ctr.hpp"
#include "crypto/aes_gcm.hpp"
#include "crypto/hmac.hpp"
#include "crypto/sha1.hpp"
