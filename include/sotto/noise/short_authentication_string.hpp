// SPDX-License-Identifier: BSL-1.0
// What two people read to each other to find out whether somebody sits between them: a short string, which needs the
// handshake of short_authentication_handshake.hpp, and a long one for any handshake.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "../core/abi.hpp"
#include "../core/bytes.hpp"
#include "../core/secret.hpp"
#include "../crypto/hkdf.hpp"
#include "../crypto/sha2.hpp"
#include "session.hpp"
#include "short_authentication_words.hpp"

namespace sotto::inline SOTTO_ABI::noise {

namespace detail {

inline const_bytes bytes_of(std::string_view text) noexcept {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

/// The last digits of a number, leading zeros included.
inline void write_decimal(std::uint64_t number, std::span<char> out) noexcept {
  for (std::size_t i = out.size(); i-- != 0; number /= 10) out[i] = static_cast<char>('0' + number % 10);
}

template <class Cipher, class Hash>
class comparing_end;

}  // namespace detail

/// A string that is short enough to be read aloud, in two forms that have nothing in common: seven digits, of which
/// somebody in the middle gets one in 10^7 right per attempt, or two words, one in 2^20. People compare either. Only a
/// string_comparison has one, since only a commitment makes so few digits safe. A plain value, not secret.
class short_authentication_string {
 public:
  static constexpr std::size_t digit_count = 7;
  static constexpr std::size_t word_count = 2;

  /// Seven decimal digits. Refers to this object.
  std::string_view digits() const& noexcept { return {digits_, digit_count}; }
  std::string_view digits() const&& = delete;
  /// Two English words, ten bits each.
  std::array<std::string_view, word_count> words() const noexcept {
    return {detail::spoken_word(bits_ >> 10), detail::spoken_word(bits_ & 0x3ff)};
  }
  /// The 20 bits of the words, first word's in front, for lists in other languages.
  std::uint32_t bits() const noexcept { return bits_; }

 private:
  template <class, class>
  friend class detail::comparing_end;

  /// The key derivation, HKDF (RFC 5869) over SHA-256. The hash is the handshake's after message 2, in which both
  /// ephemeral keys, the commitment and the responder's static key are; it comes with its length, the others have 32
  /// bytes each.
  short_authentication_string(const_bytes hash, const_bytes initiator_random, const_bytes responder_random,
                              const_bytes initiator_static) noexcept {
    using kdf = crypto::hkdf<crypto::sha256>;
    const std::uint8_t hash_len[] = {static_cast<std::uint8_t>(hash.size())};
    const const_bytes pieces[] = {hash_len, hash, initiator_random, responder_random, initiator_static};
    const auto key = kdf::extract(crypto::hkdf_salt(detail::bytes_of("sotto 1 short authentication string")),
                                  crypto::hkdf_input(std::span<const const_bytes>(pieces)));
    const auto made = kdf::expand<12>(key, crypto::hkdf_info());
    // 2^64 isn't a multiple of 10^7: no string is more probable than another by more than one in 2^40.
    detail::write_decimal(core::load_be64(made.expose().data()), digits_);
    bits_ = core::load_be32(made.expose().data() + 8) >> 12;
  }

  char digits_[digit_count];
  std::uint32_t bits_;
};

/// Sixty decimal digits, 199 bits: so many that somebody who varies the handshakes with both ends until the strings are
/// equal would need 2^99 of them. Safe after any handshake that gives both ends static keys, without commitment,
/// attempts or a particular pattern. A plain value, not secret.
class long_authentication_string {
 public:
  static constexpr std::size_t digit_count = 60;
  static constexpr std::size_t group_len = 5;

  /// Of a finished handshake, the same at both ends.
  template <class Cipher, class Hash>
  explicit long_authentication_string(const basic_undecided_session<Cipher, Hash>& finished) noexcept
      : long_authentication_string(const_bytes(finished.handshake_hash())) {}
  template <class Cipher, class Hash>
  explicit long_authentication_string(const basic_session<Cipher, Hash>& finished) noexcept
      : long_authentication_string(const_bytes(finished.handshake_hash())) {}

  /// All sixty, to be shown as twelve groups of five. Refers to this object.
  std::string_view digits() const& noexcept { return {digits_, digit_count}; }
  std::string_view digits() const&& = delete;

 private:
  /// 32 or 64 bytes, which is two different hashes' lengths, so that they are told apart by the input alone.
  explicit long_authentication_string(const_bytes hash) noexcept {
    using kdf = crypto::hkdf<crypto::sha256>;
    constexpr std::size_t groups = digit_count / group_len;
    const auto key = kdf::extract(crypto::hkdf_salt(detail::bytes_of("sotto 1 long authentication string")),
                                  crypto::hkdf_input(hash));
    const auto made = kdf::expand<8 * groups>(key, crypto::hkdf_info());
    // Each group is a 64-bit number modulo 10^5: off the uniform distribution by less than one in 2^47.
    for (std::size_t i = 0; i < groups; ++i)
      detail::write_decimal(core::load_be64(made.expose().data() + 8 * i),
                            std::span<char>(digits_).subspan(group_len * i, group_len));
  }

  char digits_[digit_count];
};

}  // namespace sotto::inline SOTTO_ABI::noise
