// SPDX-License-Identifier: BSL-1.0
// HKDF (RFC 5869) with a type for each of its inputs, so that none can stand where another belongs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "../core/abi.hpp"
#include "../core/bytes.hpp"
#include "../core/result.hpp"
#include "../core/secret.hpp"
#include "hmac.hpp"

namespace sotto::inline SOTTO_ABI::crypto {

/// HKDF's salt (RFC 5869 3.1): any length, not secret. None counts as a hash's length of zeros. Refers to its bytes.
class hkdf_salt {
 public:
  hkdf_salt() noexcept = default;
  explicit hkdf_salt(const_bytes salt) noexcept : bytes_(salt) {}
  const_bytes bytes() const noexcept { return bytes_; }

 private:
  const_bytes bytes_;
};

namespace detail {

/// One span or several that count as one, in their order. Refers to the bytes, and to the list of several.
class hkdf_text {
 public:
  hkdf_text() noexcept = default;
  explicit hkdf_text(const_bytes whole) noexcept : whole_(whole) {}
  explicit hkdf_text(std::span<const const_bytes> pieces) noexcept : pieces_(pieces) {}

  template <class Context>
  void absorb_into(Context& context) const noexcept {
    context.update(whole_);
    for (const const_bytes piece : pieces_) context.update(piece);
  }
  bool overlaps(const_bytes other) const noexcept {
    bool found = core::overlap(whole_.data(), whole_.size(), other.data(), other.size());
    for (const const_bytes piece : pieces_)
      found |= core::overlap(piece.data(), piece.size(), other.data(), other.size());
    return found;
  }

 private:
  const_bytes whole_;
  std::span<const const_bytes> pieces_;
};

}  // namespace detail

/// HKDF's input keying material (IKM), in one piece or several: any length, secret. Refers to its bytes.
class hkdf_input : public detail::hkdf_text {
 public:
  using hkdf_text::hkdf_text;
};

/// HKDF's info (RFC 5869 3.2), in one piece or several: what the output is for. Any length, not secret. Refers to its
/// bytes.
class hkdf_info : public detail::hkdf_text {
 public:
  using hkdf_text::hkdf_text;
  explicit hkdf_info(std::string_view label) noexcept
      : hkdf_text(const_bytes(reinterpret_cast<const std::uint8_t*>(label.data()), label.size())) {}
};

/// HKDF over Hash: extract once, then expand under as many infos as keys are wanted. Thread-safe.
template <class Hash>
class hkdf {
 public:
  /// The most that one info gives, in bytes (RFC 5869 2.3).
  static constexpr std::size_t max_output_len = 255 * Hash::digest_len;

  /// A pseudorandom key (PRK), secret and opaque, in the form that HMAC works with. Move-only and wiped; bound to the
  /// kernel it was made with. Const calls may run on several threads at once.
  class prk {
   public:
    /// Skips extract for a key that is uniformly random already (RFC 5869 3.3); a Diffie-Hellman secret or a password
    /// isn't. At least digest_len bytes (secret). Errors: invalid_key_length.
    static result<prk> from_uniform_key(const_bytes key,
                                        const typename Hash::kernel& kernel = Hash::best_kernel()) noexcept {
      if (key.size() < Hash::digest_len) return failure{error::invalid_key_length};
      return prk(key, kernel);
    }

   private:
    friend class hkdf;
    prk(const_bytes key, const typename Hash::kernel& kernel) noexcept : mac_(key, kernel) {}
    hmac<Hash> mac_;
  };

  /// Concentrates the input into a pseudorandom key (RFC 5869 2.2). The input may be empty, as some protocols want it.
  static prk extract(hkdf_salt salt, const hkdf_input& input,
                     const typename Hash::kernel& kernel = Hash::best_kernel()) noexcept {
    // HMAC pads a short key with zeros: no salt needs no case of its own.
    const hmac<Hash> salted(salt.bytes(), kernel);
    auto message = salted.begin();
    input.absorb_into(message);
    std::uint8_t key[Hash::digest_len];
    const core::wipe_at_exit guard(key);
    message.finish(key);
    return prk(key, kernel);
  }

  /// Fills out with output keying material (RFC 5869 2.3), secret; a shorter output is a longer one's beginning.
  /// Errors: output_too_long beyond max_output_len, overlapping_buffers if out and info share a byte; out is untouched
  /// then.
  static result<void> expand(const prk& key, const hkdf_info& info, mutable_bytes out) noexcept {
    if (out.size() > max_output_len) return failure{error::output_too_long};
    if (info.overlaps(out)) return failure{error::overlapping_buffers};
    fill(key, info, out);
    return {};
  }

  /// The same for a length known to the compiler, exactly Len bytes.
  template <std::size_t Len>
  static core::secret_bytes<Len> expand(const prk& key, const hkdf_info& info) noexcept {
    static_assert(Len != 0 && Len <= max_output_len, "HKDF gives 1 to 255 digests per info (RFC 5869 2.3)");
    std::uint8_t out[Len];
    const core::wipe_at_exit guard(out);
    fill(key, info, out);
    return core::secret_bytes<Len>(out);
  }

 private:
  static void fill(const prk& key, const hkdf_info& info, mutable_bytes out) noexcept {
    std::uint8_t t[Hash::digest_len];  // T(i), all of which is output but the last one's end
    const core::wipe_at_exit guard(t);
    for (std::uint8_t i = 1; !out.empty(); ++i) {
      auto message = key.mac_.begin();
      if (i != 1) message.update(t);
      info.absorb_into(message);
      message.update({&i, 1});
      message.finish(t);
      const std::size_t now = out.size() < sizeof t ? out.size() : sizeof t;
      core::copy(out.data(), t, now);
      out = out.subspan(now);
    }
  }
};

}  // namespace sotto::inline SOTTO_ABI::crypto
