// SPDX-License-Identifier: BSL-1.0
// Everything a cryptographer would name, and the system's randomness.
#pragma once

#include "core/random.hpp"
#include "crypto/aead.hpp"
#include "crypto/aead_batch.hpp"
#include "crypto/aes_ctr.hpp"
#include "crypto/aes_gcm.hpp"
#include "crypto/chacha20_poly1305.hpp"
#include "crypto/end_to_end_secret.hpp"
#include "crypto/hkdf.hpp"
#include "crypto/hmac.hpp"
#include "crypto/sha1.hpp"
#include "crypto/sha2.hpp"
#include "crypto/x25519.hpp"
#include "crypto/xchacha20_poly1305.hpp"
