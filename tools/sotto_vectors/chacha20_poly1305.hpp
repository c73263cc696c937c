// SPDX-License-Identifier: BSL-1.0
// ChaCha20-Poly1305 and XChaCha20-Poly1305 cases, whichever file they come from.
#pragma once

#include <vector>

#include "aead_batch_check.hpp"
#include "report.hpp"

namespace vectors {

/// Each case (keys of 32 bytes, nonces of 12, or 24 for XChaCha20) on every kernel: the public API, the kernel's packet
/// calls, their steps one by one, and both batch calls on all cases together.
void run_chacha20_poly1305(const std::vector<aead_case>& cases, report& r);
void run_xchacha20_poly1305(const std::vector<aead_case>& cases, report& r);

}  // namespace vectors
