// SPDX-License-Identifier: BSL-1.0
// Every kernel, for programs that compile them once: define SOTTO_SEPARATE_KERNELS for all source files and include
// this header in exactly one. The others then compile in a few seconds instead of half a minute. All of them need the
// same flags and SOTTO_ macros, or the linker says that candidates() is missing. Without the macro this header does
// nothing.
#pragma once

#include "core/abi.hpp"

#if SOTTO_CONFIG_SEPARATE_KERNELS

#include <span>

#include "kernels/aes/candidates.hpp"
#include "kernels/aes_cm_hmac_sha1/candidates.hpp"
#include "kernels/aes_gcm/candidates.hpp"
#include "kernels/chacha20_poly1305/candidates.hpp"
#include "kernels/sha1/candidates.hpp"
#include "kernels/sha256/candidates.hpp"
#include "kernels/sha512/candidates.hpp"
#include "kernels/x25519/candidates.hpp"
#include "kernels/aes/select.hpp"
#include "kernels/aes_cm_hmac_sha1/select.hpp"
#include "kernels/aes_gcm/select.hpp"
#include "kernels/chacha20_poly1305/select.hpp"
#include "kernels/sha1/select.hpp"
#include "kernels/sha256/select.hpp"
#include "kernels/sha512/select.hpp"
#include "kernels/x25519/select.hpp"

#define SOTTO_DEFINE_CANDIDATES(algorithm)                                           \
  namespace algorithm {                                                              \
  std::span<const cpu::candidate<kernel>> candidates() noexcept { return compiled; } \
  }

namespace sotto::inline SOTTO_ABI::kernels {
SOTTO_DEFINE_CANDIDATES(aes)
SOTTO_DEFINE_CANDIDATES(aes_cm_hmac_sha1)
SOTTO_DEFINE_CANDIDATES(aes_gcm)
SOTTO_DEFINE_CANDIDATES(chacha20_poly1305)
SOTTO_DEFINE_CANDIDATES(sha1)
SOTTO_DEFINE_CANDIDATES(sha256)
SOTTO_DEFINE_CANDIDATES(sha512)
SOTTO_DEFINE_CANDIDATES(x25519)
}  // namespace sotto::inline SOTTO_ABI::kernels

#undef SOTTO_DEFINE_CANDIDATES

#endif
