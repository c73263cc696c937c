// SPDX-License-Identifier: BSL-1.0
// Keying and transforms leave nothing of their keys in memory when they end or are moved from.
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <new>
#include <utility>

#include "keys.hpp"
#include "sotto/srtp.hpp"
#include "support/catch.hpp"

namespace srtp = sotto::srtp;

namespace {

/// Memory for a T that is zero before the T comes. A compiler may drop writes that only a constructor would see, so it
/// is told that someone looks.
template <class T>
class zeroed {
 public:
  zeroed() {
    std::memset(bytes_, 0, sizeof bytes_);
    observe();
  }
  void* place() { return bytes_; }
  std::size_t nonzero_words() {
    observe();
    std::size_t count = 0;
    for (std::size_t i = 0; i + sizeof(std::uint64_t) <= sizeof bytes_; i += sizeof(std::uint64_t)) {
      std::uint64_t word;
      std::memcpy(&word, bytes_ + i, sizeof word);
      count += word != 0 ? 1 : 0;
    }
    return count;
  }

 private:
  void observe() {
    std::uint8_t* p = bytes_;
    __asm__ volatile("" : "+r"(p) : : "memory");
  }
  alignas(T) std::uint8_t bytes_[sizeof(T)];
};

/// `harmless` words may stay: kernel pointers, lengths, the profile.
template <class T, class Make>
void leaves_only(std::size_t harmless, Make make) {
  const auto a = std::make_unique<zeroed<T>>(), b = std::make_unique<zeroed<T>>();
  T* const ended = ::new (a->place()) T(make());
  CHECK(a->nonzero_words() > harmless + 3);
  std::destroy_at(ended);
  CHECK(a->nonzero_words() <= harmless);

  T* const moved = ::new (b->place()) T(make());
  const T taken(std::move(*moved));
  CHECK(b->nonzero_words() <= harmless);
  std::destroy_at(moved);
}

}  // namespace

TEST_CASE("keying leaves no key behind") {
  const keys::master m(srtp::profile::aes_256_cm_hmac_sha1_80);
  leaves_only<srtp::keying>(3, [&] { return *srtp::keying::create(m.raw()); });
}

TEST_CASE("key derivation and its session keys leave no key behind") {
  const keys::master m(srtp::profile::aes_256_cm_hmac_sha1_80);
  leaves_only<srtp::key_derivation>(1, [&] { return *srtp::key_derivation::create(m.key, m.salt); });
  const auto kdf = srtp::key_derivation::create(m.key, m.salt);
  leaves_only<srtp::derived_session_keys>(
      2, [&] { return srtp::derived_session_keys(*kdf, m.profile, srtp::key_label::rtp_encryption); });
}

TEST_CASE("transforms leave no key behind") {
  for (const auto p : srtp::profiles) {
    const keys::master m(p);
    const auto kdf = srtp::key_derivation::create(m.key, m.salt);
    const srtp::derived_session_keys k(*kdf, p, srtp::key_label::rtp_encryption);
    INFO(srtp::name(p));
    leaves_only<srtp::any_transform>(3, [&] { return *srtp::any_transform::create(p, k.expose(), k.expose()); });
  }
}
