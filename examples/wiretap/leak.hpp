// SPDX-License-Identifier: BSL-1.0
// Long-term secret keys in a file: what a thief has, who comes after the call.
#pragma once

#include <sotto/crypto/x25519.hpp>
#include <string>

#include "../support/file.hpp"
#include "../support/key_text.hpp"
#include "line.hpp"

namespace examples {

using static_key = sotto::crypto::x25519::static_key;

inline void write_leak(const std::string& path, const static_key* caller, const static_key* callee) {
  std::string text;
  if (caller != nullptr) text += "initiator:" + encode_base64(caller->expose_secret()) + "\n";
  if (callee != nullptr) text += "responder:" + encode_base64(callee->expose_secret()) + "\n";
  write_file(path, bytes_of(text));
}

}  // namespace examples
