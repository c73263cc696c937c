// SPDX-License-Identifier: BSL-1.0
#include "key_search.hpp"

#include <algorithm>
#include <array>
#include <sotto/srtp.hpp>
#include <stdexcept>
#include <string>

#include "../support/key_text.hpp"

namespace examples {
namespace {

namespace srtp = sotto::srtp;
using bytes = std::vector<std::uint8_t>;

constexpr std::array profiles{srtp::profile::aes_cm_128_hmac_sha1_80, srtp::profile::aead_aes_128_gcm,
                              srtp::profile::aes_256_cm_hmac_sha1_80, srtp::profile::aead_aes_256_gcm};
constexpr std::size_t shortest_key = 16, most_streams = 4;

bool is_base64(char c) { return (sotto::srtp::detail::base64_value(c) & 0x80000000u) == 0; }
bool is_hex(char c) { return (detail::hex_value(c) & 0x80000000u) == 0; }

/// Calls take with every longest run of such characters that could hold a key.
template <class Is, class Take>
void for_each_run(std::string_view text, std::size_t min_len, Is&& is, Take&& take) {
  for (std::size_t at = 0; at < text.size();) {
    std::size_t len = 0;
    while (at + len < text.size() && is(text[at + len])) ++len;
    if (len >= min_len) take(text.substr(at, len));
    at += len + 1;
  }
}

bytes from_base64(std::string_view digits) {
  bytes out;
  std::uint32_t bits = 0, held = 0;
  for (const char c : digits) {
    bits = (bits << 6) | sotto::srtp::detail::base64_value(c);
    if ((held += 6) < 8) continue;
    held -= 8;
    out.push_back(static_cast<std::uint8_t>(bits >> held));
  }
  return out;
}
bytes from_hex(std::string_view digits) {
  bytes out;
  for (std::size_t i = 0; i + 1 < digits.size(); i += 2)
    out.push_back(static_cast<std::uint8_t>((detail::hex_value(digits[i]) << 4) | detail::hex_value(digits[i + 1])));
  return out;
}

class searcher {
 public:
  searcher(const recording& call, const std::function<void(const agreement&)>& found) : found_(found) {
    for (const auto& s : call.streams)
      if (const auto* const first = s.first_rtp(); first != nullptr && packets_.size() < most_streams)
        packets_.push_back(first->bytes);
  }

  void search(const bytes& text) {
    constexpr std::array<std::uint8_t, srtp::max_salt_len> zeros{};
    for (const auto profile : profiles) {
      const auto wanted = srtp::parameters(profile);
      const std::size_t key_len = wanted.key_len, salt_len = wanted.salt_len;
      const sotto::const_bytes all(text);
      for (std::size_t at = 0; at + key_len <= text.size(); ++at) {
        const auto key = all.subspan(at, key_len);
        attempt({profile, key, sotto::const_bytes(zeros).first(salt_len)});
        if (at + key_len + salt_len <= text.size()) attempt({profile, key, all.subspan(at + key_len, salt_len)});
        if (at >= salt_len) attempt({profile, key, all.subspan(at - salt_len, salt_len)});
      }
    }
  }
  std::uint64_t tried() const noexcept { return tried_; }

 private:
  void attempt(const srtp::raw_keying& candidate) {
    ++tried_;
    // Small, since it is made anew each time: one stream, and no guess at the ROC.
    auto made = srtp::basic_receiver<srtp::any_transform, 1, 64, 1>::create(candidate, {.new_stream_rocs = 0});
    if (!made) throw std::runtime_error(message(made.error()));
    for (auto& packet : packets_) {
      if (!made->verify(packet)) continue;
      auto key = srtp::keying::create(candidate);
      if (key) found_(std::move(*key));
      return;
    }
  }

  const std::function<void(const agreement&)>& found_;
  std::vector<bytes> packets_;
  std::uint64_t tried_ = 0;
};

}  // namespace

std::vector<bytes> readings_of(std::string_view text) {
  std::vector<bytes> readings{bytes(text.begin(), text.end())};
  for_each_run(text, shortest_key * 4 / 3, is_base64, [&](std::string_view run) {
    for (std::size_t shift = 0; shift < 4; ++shift) readings.push_back(from_base64(run.substr(shift)));
  });
  for_each_run(text, shortest_key * 2, is_hex, [&](std::string_view run) {
    for (std::size_t shift = 0; shift < 2; ++shift) readings.push_back(from_hex(run.substr(shift)));
  });
  return readings;
}

std::uint64_t search_keys(const std::vector<bytes>& readings, const recording& call,
                          const std::function<void(const agreement&)>& found) {
  searcher s(call, found);
  for (const auto& r : readings) s.search(r);
  return s.tried();
}

}  // namespace examples
