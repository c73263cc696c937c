// SPDX-License-Identifier: BSL-1.0
#include "frame_search.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <sotto/sframe.hpp>
#include <utility>

namespace examples {
namespace {

namespace sframe = sotto::sframe;
using bytes = std::vector<std::uint8_t>;

constexpr std::array suites{sframe::cipher_suite::aes_128_gcm_sha256_128, sframe::cipher_suite::aes_256_gcm_sha512_128,
                            sframe::cipher_suite::aes_128_ctr_hmac_sha256_80};
constexpr std::size_t most_kids = 3;

class searcher {
 public:
  explicit searcher(const std::vector<bytes>& frames) : frames_(frames), open_(frames.size()) {
    std::set<std::uint64_t> kids;
    for (const auto& f : frames)
      if (const auto head = sframe::parse_header(f);
          head && first_.size() < most_kids && kids.insert(head->header.kid.value()).second)
        first_.push_back(&f);
  }
  void search(const bytes& text) {
    for (const std::size_t len : {16u, 32u})
      for (std::size_t at = 0; at + len <= text.size(); ++at)
        for (const auto suite : suites) attempt(suite, sotto::const_bytes(text).subspan(at, len));
  }
  frame_search_result result() const {
    return {tried_, static_cast<std::size_t>(std::count(open_.begin(), open_.end(), true))};
  }

 private:
  void attempt(sframe::cipher_suite suite, sotto::const_bytes key) {
    ++tried_;
    const bool fits = std::any_of(first_.begin(), first_.end(), [&](const bytes* f) { return opens(suite, key, *f); });
    for (std::size_t i = 0; fits && i < frames_.size(); ++i) open_[i] = open_[i] || opens(suite, key, frames_[i]);
  }
  static bool opens(sframe::cipher_suite suite, sotto::const_bytes key, const bytes& frame) {
    const auto head = sframe::parse_header(frame);
    auto base = sframe::base_key::create(key);
    if (!head || !base) return false;
    auto receiver = sframe::receiver::create(suite, head->header.kid, std::move(*base));
    bytes out(frame.size());
    return receiver && receiver->unprotect(frame, out);
  }

  const std::vector<bytes>& frames_;
  std::vector<bool> open_;
  std::vector<const bytes*> first_;
  std::uint64_t tried_ = 0;
};

}  // namespace

frame_search_result search_frame_keys(const std::vector<bytes>& readings, const std::vector<bytes>& frames) {
  searcher s(frames);
  for (const auto& r : readings) s.search(r);
  return s.result();
}

}  // namespace examples
