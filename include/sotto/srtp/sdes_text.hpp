// SPDX-License-Identifier: BSL-1.0
// The words of SDP security descriptions: a reader that knows where it is, and a writer into a fixed buffer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

#include "../core/abi.hpp"
#include "../core/bytes.hpp"
#include "base64.hpp"

namespace sotto::inline SOTTO_ABI::srtp {

/// What is wrong with a crypto attribute. None of these tells anything about a key.
enum class sdes_problem : std::uint8_t {
  none,
  not_a_crypto_attribute,
  bad_tag,
  missing_space,
  unknown_suite,
  unknown_key_method,
  bad_key,         ///< Not base64, or not the suite's length of key and salt.
  repeated_key,    ///< A key or MKI that the line has already.
  bad_lifetime,    ///< Not a number, zero, with a leading zero, or beyond 2^48.
  bad_mki,         ///< Not a positive number without leading zeros, or too large for its length.
  bad_mki_length,  ///< Not 1 to 128, or not that of the other keys.
  missing_mki,     ///< Several keys, and one without an MKI.
  too_many_keys,   ///< More than Sotto holds.
  bad_parameter,   ///< A session parameter whose value is none.
  repeated_parameter,
  unknown_parameter,  ///< Without the "-" that would make it optional (RFC 4568 6.3.7).
  refused_parameter,  ///< One that weakens the stream, and isn't allowed.
  unexpected_character,
};

/// A problem and where it begins, in characters from the line's start.
struct sdes_fault {
  sdes_problem problem = sdes_problem::none;
  std::size_t position = 0;
};

/// A constant English phrase.
constexpr const char* message(sdes_problem p) noexcept {
  switch (p) {
    case sdes_problem::none: return "no problem";
    case sdes_problem::not_a_crypto_attribute: return "not a crypto attribute";
    case sdes_problem::bad_tag: return "tag isn't a number of 1 to 9 digits without leading zeros";
    case sdes_problem::missing_space: return "space expected";
    case sdes_problem::unknown_suite: return "unknown crypto suite";
    case sdes_problem::unknown_key_method: return "unknown key method";
    case sdes_problem::bad_key: return "key and salt aren't base64 of the suite's length";
    case sdes_problem::repeated_key: return "the same key or MKI twice";
    case sdes_problem::bad_lifetime: return "lifetime isn't 1 to 2^48 packets";
    case sdes_problem::bad_mki: return "MKI isn't a positive number that fits its length";
    case sdes_problem::bad_mki_length: return "MKI length isn't 1 to 128, the same for all keys";
    case sdes_problem::missing_mki: return "several keys need MKIs";
    case sdes_problem::too_many_keys: return "more keys than are supported";
    case sdes_problem::bad_parameter: return "bad session parameter";
    case sdes_problem::repeated_parameter: return "session parameter given twice";
    case sdes_problem::unknown_parameter: return "unknown mandatory session parameter";
    case sdes_problem::refused_parameter: return "session parameter weakens the stream";
    case sdes_problem::unexpected_character: return "unexpected character";
  }
  return "unknown problem";
}

namespace detail {

constexpr bool is_sdes_unsupported(sdes_problem p) noexcept {
  return p == sdes_problem::unknown_suite || p == sdes_problem::unknown_key_method ||
         p == sdes_problem::too_many_keys || p == sdes_problem::unknown_parameter ||
         p == sdes_problem::refused_parameter;
}

constexpr char sdes_lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
/// RFC 4568 4: values are compared without regard to case.
constexpr bool sdes_same(std::string_view a, std::string_view b) noexcept {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (sdes_lower(a[i]) != sdes_lower(b[i])) return false;
  return true;
}
constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
constexpr bool is_number(std::string_view text) noexcept {
  for (const char c : text)
    if (!is_digit(c)) return false;
  return !text.empty();
}
/// A positive decimal number without leading zeros, at most `most`; 0 for anything else.
constexpr std::uint64_t sdes_number(std::string_view text, std::uint64_t most) noexcept {
  if (!is_number(text) || text[0] == '0') return 0;
  std::uint64_t n = 0;
  for (const char c : text) {
    const auto digit = static_cast<std::uint64_t>(c - '0');
    if (n > (most - digit) / 10) return 0;
    n = n * 10 + digit;
  }
  return n;
}

/// A positive decimal number without leading zeros, of any size, as a big-endian integer that fills out. False if it is
/// none, or doesn't fit.
inline bool sdes_big_number(std::string_view text, mutable_bytes out) noexcept {
  if (!is_number(text) || text[0] == '0') return false;
  for (auto& byte : out) byte = 0;
  for (const char c : text) {
    unsigned carry = static_cast<unsigned>(c - '0');
    for (std::size_t i = out.size(); i-- > 0;) {
      carry += 10u * out[i];
      out[i] = static_cast<std::uint8_t>(carry);
      carry >>= 8;
    }
    if (carry != 0) return false;
  }
  return true;
}

/// A part of the line that knows its place.
struct sdes_word {
  std::string_view text;
  std::size_t position;

  bool empty() const noexcept { return text.empty(); }
  /// Cuts off what stands in front of the first separator, which is dropped; all of it if there is none.
  sdes_word cut(char separator) noexcept {
    const std::size_t end = text.find(separator);
    const sdes_word head{text.substr(0, end), position};
    const std::size_t taken = end == std::string_view::npos ? text.size() : end + 1;
    text.remove_prefix(taken);
    position += taken;
    return head;
  }
  bool has(char c) const noexcept { return text.find(c) != std::string_view::npos; }
};

class sdes_reader {
 public:
  explicit sdes_reader(std::string_view line) noexcept : rest_{line, 0} {
    if (line.ends_with('\n')) rest_.text.remove_suffix(1);
    if (rest_.text.ends_with('\r')) rest_.text.remove_suffix(1);
  }

  const sdes_fault& fault() const noexcept { return fault_; }
  bool fail(sdes_problem p, std::size_t position) noexcept {
    fault_ = {p, position};
    return false;
  }
  bool fail(sdes_problem p, const sdes_word& at) noexcept { return fail(p, at.position); }

  std::size_t position() const noexcept { return rest_.position; }
  bool at_end() const noexcept { return rest_.empty(); }
  bool take_prefix(std::string_view prefix) noexcept {
    if (!rest_.text.starts_with(prefix)) return false;
    advance(prefix.size());
    return true;
  }
  /// Skips one or more spaces and tabs.
  bool take_space() noexcept {
    const std::size_t start = rest_.position;
    while (!at_end() && (rest_.text[0] == ' ' || rest_.text[0] == '\t')) advance(1);
    return rest_.position != start;
  }
  /// Everything up to the next space or tab. False if something in it isn't a visible character.
  bool take_word(sdes_word& word) noexcept {
    std::size_t len = 0;
    while (len < rest_.text.size() && rest_.text[len] != ' ' && rest_.text[len] != '\t') {
      const auto c = static_cast<unsigned char>(rest_.text[len]);
      if (c < 0x21 || c > 0x7e) return fail(sdes_problem::unexpected_character, rest_.position + len);
      ++len;
    }
    word = {rest_.text.substr(0, len), rest_.position};
    advance(len);
    return true;
  }

 private:
  void advance(std::size_t n) noexcept {
    rest_.text.remove_prefix(n);
    rest_.position += n;
  }

  sdes_word rest_;
  sdes_fault fault_;
};

/// Appends to a buffer of fixed size; remembers if it was too small.
class sdes_writer {
 public:
  explicit sdes_writer(std::span<char> out) noexcept : out_(out) {}

  void text(std::string_view t) noexcept {
    if (char* const to = take(t.size()); to != nullptr && !t.empty()) std::memcpy(to, t.data(), t.size());
  }
  void number(std::uint64_t n) noexcept {
    char digits[20];
    std::size_t first = sizeof digits;
    do digits[--first] = static_cast<char>('0' + n % 10);
    while ((n /= 10) != 0);
    text({digits + first, sizeof digits - first});
  }
  /// A big-endian integer in decimal. len is at most 128.
  void big_number(const_bytes big_endian) noexcept {
    std::uint8_t left[128];
    char digits[309];  // 2^1024 has so many
    core::copy(left, big_endian.data(), big_endian.size());
    std::size_t first = sizeof digits;
    bool more = true;
    while (more) {
      unsigned remainder = 0;
      more = false;
      for (std::size_t i = 0; i < big_endian.size(); ++i) {
        remainder = remainder * 256 + left[i];
        left[i] = static_cast<std::uint8_t>(remainder / 10);
        remainder %= 10;
        more |= left[i] != 0;
      }
      digits[--first] = static_cast<char>('0' + remainder);
    }
    text({digits + first, sizeof digits - first});
  }
  void base64(const_bytes bytes) noexcept {
    if (char* const to = take(base64_len(bytes.size())); to != nullptr) encode_base64(bytes, to);
  }

  bool fits() const noexcept { return fits_; }
  std::string_view written() const noexcept { return {out_.data(), len_}; }

 private:
  char* take(std::size_t len) noexcept {
    if (!fits_ || out_.size() - len_ < len) {
      fits_ = false;
      return nullptr;
    }
    len_ += len;
    return out_.data() + (len_ - len);
  }

  std::span<char> out_;
  std::size_t len_ = 0;
  bool fits_ = true;
};

}  // namespace detail
}  // namespace sotto::inline SOTTO_ABI::srtp
