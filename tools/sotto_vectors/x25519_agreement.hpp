// SPDX-License-Identifier: BSL-1.0
// X25519 cases through the public API.
#pragma once

#include <cstddef>
#include <sotto/crypto/x25519.hpp>
#include <string>
#include <vector>

#include "bytes.hpp"
#include "report.hpp"

namespace vectors {

/// X25519(scalar, u), 32 bytes each.
struct multiplication {
  bytes scalar, u, expected;
};

/// Agreements of all cases on one kernel: lasting keys and ephemeral ones, alone and together in a batch. A secret is
/// compared by what HKDF makes of it; one of all zeros must be refused as the point's fault.
class agreement_check {
 public:
  agreement_check(const sotto::kernels::x25519::kernel& table, const std::vector<multiplication>& cases);
  void check(test_case& c, const std::string& kernel, std::size_t at) const;

 private:
  const sotto::kernels::x25519::kernel* table_;
  std::vector<multiplication> cases_;
  std::vector<sotto::crypto::x25519::agreement> batch_;  ///< two per case: a lasting key's and an ephemeral one's
};

}  // namespace vectors
