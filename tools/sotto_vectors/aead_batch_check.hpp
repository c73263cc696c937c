// SPDX-License-Identifier: BSL-1.0
// The batch calls of an AEAD façade of sotto::crypto on many cases at once.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "aead_check.hpp"
#include "bytes.hpp"
#include "report.hpp"

namespace vectors {

struct aead_case {
  std::string id;
  aead_vector v;  ///< key, nonce and tag have the algorithm's lengths
  bool valid;
  bytes one_time_key = {};  ///< of Poly1305, where the file states it
};

/// What seal_batch and open_batch make of all cases together, each under its own key: messages of all lengths, sound
/// and forged, side by side; out of place, and sealing in place.
template <class Aead>
class aead_batch_check {
 public:
  template <class Kernel>
  aead_batch_check(const Kernel& table, const std::vector<aead_case>& cases) {
    using job = typename Aead::job;
    std::vector<Aead> keys;
    std::vector<bytes> given;
    for (const auto& test : cases) {
      keys.push_back(std::move(*Aead::create(test.v.key, table)));
      given.push_back(joined(test.v.ciphertext, test.v.tag));
      in_place_.push_back(test.v.plaintext);
      in_place_.back().resize(given.back().size());
      sealed_.emplace_back(given.back().size());
      opened_.emplace_back(test.v.ciphertext.size());
    }
    std::vector<job> sealing, sealing_in_place, opening;
    for (std::size_t i = 0; i < cases.size(); ++i) {
      const aead_vector& v = cases[i].v;
      const auto n = nonce_of<Aead>(v);
      sealing.push_back({&keys[i], n, v.aad, v.plaintext, sealed_[i].span()});
      sealing_in_place.push_back(
          {&keys[i], n, v.aad, sotto::const_bytes(in_place_[i]).first(v.plaintext.size()), in_place_[i]});
      opening.push_back({&keys[i], n, v.aad, given[i], opened_[i].span()});
    }
    Aead::seal_batch(sealing);
    Aead::seal_batch(sealing_in_place);
    Aead::open_batch(opening);
    for (std::size_t i = 0; i < cases.size(); ++i) outcomes_.push_back({sealing[i].outcome, opening[i].outcome});
  }

  void check(test_case& c, const std::string& kernel, const aead_case& test, std::size_t at) {
    const bytes expected = joined(test.v.ciphertext, test.v.tag);
    const auto& [sealed, opened] = outcomes_[at];
    if (c.require(kernel, sealed.has_value(), "seal_batch refused the message"))
      c.require(kernel, equal(expected, *sealed) == test.valid, "seal_batch gave a wrong message");
    c.require(kernel, equal(expected, in_place_[at]) == test.valid, "seal_batch in place gave a wrong message");
    if (test.valid) {
      if (c.require(kernel, opened.has_value(), "open_batch refused the message"))
        c.same(kernel, "plaintext of open_batch", test.v.plaintext, *opened);
    } else {
      c.require(kernel, !opened && opened.error() == sotto::error::authentication_failed,
                "open_batch accepted an invalid message");
      c.require(kernel, opened_[at].untouched(), "open_batch wrote the output of an invalid message");
    }
    c.require(kernel, sealed_[at].guard_intact() && opened_[at].guard_intact(), "a batch wrote behind its output");
  }

 private:
  struct outcome {
    sotto::result<sotto::mutable_bytes> sealed, opened;
  };
  std::vector<guarded> sealed_, opened_;
  std::vector<bytes> in_place_;
  std::vector<outcome> outcomes_;
};

}  // namespace vectors
