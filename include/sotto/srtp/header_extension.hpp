// SPDX-License-Identifier: BSL-1.0
// RTP header extensions (RFC 8285) and the encryption of chosen elements (RFC 6904).
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>

#include "../core/abi.hpp"
#include "../core/bytes.hpp"
#include "../core/result.hpp"
#include "../core/secret.hpp"
#include "../crypto/aes_ctr.hpp"
#include "packet.hpp"

namespace sotto::inline SOTTO_ABI::srtp {

/// How a header extension frames its elements, from its 16 bits "defined by profile" (RFC 8285 4.2, 4.3).
enum class extension_form : std::uint8_t { other, one_byte, two_byte };

constexpr extension_form form_of(std::uint16_t defined_by_profile) noexcept {
  if (defined_by_profile == 0xbede) return extension_form::one_byte;
  return (defined_by_profile & 0xfff0u) == 0x1000 ? extension_form::two_byte : extension_form::other;
}

/// A set of extension element IDs: 1 to 14 in the one-byte form, 1 to 255 in the two-byte form. A plain value.
class extension_ids {
 public:
  constexpr extension_ids() noexcept = default;
  /// IDs of 0 name no element and are left out.
  template <class... Ids>
  explicit constexpr extension_ids(std::uint8_t first, Ids... others) noexcept {
    add(first);
    (add(static_cast<std::uint8_t>(others)), ...);
  }
  constexpr void add(std::uint8_t id) noexcept {
    if (id != 0) words_[id / 64] |= std::uint64_t{1} << (id % 64);
  }
  constexpr bool contains(std::uint8_t id) const noexcept { return ((words_[id / 64] >> (id % 64)) & 1u) != 0; }
  constexpr bool empty() const noexcept { return (words_[0] | words_[1] | words_[2] | words_[3]) == 0; }

 private:
  std::uint64_t words_[4]{};
};

/// One element of an extension: its ID, and where its data lies in the extension's data.
struct extension_element {
  std::uint8_t id;
  std::size_t offset;
  std::size_t len;  ///< 1 to 16 in the one-byte form, 0 to 255 in the two-byte form
};

/// Walks the elements of an extension's data (what follows its 4-byte header), calling f(const extension_element&).
/// Stops quietly at the one-byte form's ID 15, and at its ID 0 with a length (RFC 8285 4.2); extensions of another form
/// have no elements. Errors: malformed_packet for an element that leaves the data; f was called for those before it.
template <class F>
result<void> for_each_element(extension_form form, const_bytes data, F&& f) noexcept {
  if (form == extension_form::other) return {};
  const bool one_byte = form == extension_form::one_byte;
  std::size_t at = 0;
  while (at < data.size()) {
    const std::uint8_t head = data[at++];
    const auto id = static_cast<std::uint8_t>(one_byte ? head >> 4 : head);
    if (head == 0) continue;  // a byte of padding
    if (one_byte && (id == 0 || id == 15)) return {};
    std::size_t len;
    if (one_byte) {
      len = std::size_t{head & 0x0fu} + 1;
    } else {
      if (at == data.size()) return failure{error::malformed_packet};
      len = data[at++];
    }
    if (len > data.size() - at) return failure{error::malformed_packet};
    f(extension_element{id, at, len});
    at += len;
  }
  return {};
}

/// The cipher of RFC 6904: AES-CM with the header key and salt that labels 6 and 7 derive. AEAD profiles use it too,
/// with two zero bytes behind their 12 bytes of salt, as deployed implementations do. Move-only and wiped; const calls
/// may run on several threads at once.
class header_encryption {
 public:
  /// Takes a header key of 16, 24 or 32 bytes and a salt of 12 or 14 bytes (both secret).
  /// Errors: invalid_key_length, invalid_salt_length.
  static result<header_encryption> create(const_bytes key, const_bytes salt) noexcept {
    auto cipher = crypto::aes_ctr::create(key);
    if (!cipher) return failure{cipher.error()};
    if (salt.size() != 12 && salt.size() != 14) return failure{error::invalid_salt_length};
    return header_encryption(std::move(*cipher), salt);
  }

  /// Encrypts or decrypts, in place, the data of the elements that ids names. data is what follows the extension's
  /// 4-byte header. Errors: malformed_packet; data is untouched then.
  result<void> apply(extension_form form, mutable_bytes data, const extension_ids& ids, ssrc source,
                     std::uint64_t index) const noexcept {
    if (const auto sound = for_each_element(form, data, [](const extension_element&) {}); !sound) return sound;
    return for_each_element(form, data, [&](const extension_element& e) {
      if (ids.contains(e.id)) combine(data.subspan(e.offset, e.len), e.offset, source, index);
    });
  }

 private:
  static constexpr std::size_t block_len = crypto::aes_ctr::block_len;
  struct shifted_salt {
    std::uint8_t bytes[block_len];
  };

  header_encryption(crypto::aes_ctr&& cipher, const_bytes salt) noexcept : cipher_(std::move(cipher)) {
    core::copy(salt_.expose().bytes, salt.data(), salt.size());
  }

  /// XORs the key stream that lies at this offset. It begins with the extension's data (RFC 6904 3), under the IV of
  /// RFC 3711 4.1.1.
  void combine(mutable_bytes element, std::size_t offset, ssrc source, std::uint64_t index) const noexcept {
    const std::uint8_t* salt = salt_.expose().bytes;
    std::uint8_t counter[block_len];
    core::store_be64(counter, core::load_be64(salt) ^ source.value());
    // An extension has at most 65535 * 4 bytes, so block numbers stay within the 16 bits below the index.
    core::store_be64(counter + 8, core::load_be64(salt + 8) ^ (index << 16) ^ (offset / block_len));
    std::uint8_t stream[block_len + 256] = {};
    const core::wipe_at_exit guard(stream);
    const std::size_t skip = offset % block_len;
    (void)cipher_.apply(counter, mutable_bytes(stream).first(skip + element.size()),
                        mutable_bytes(stream).first(skip + element.size()));
    for (std::size_t i = 0; i < element.size(); ++i) element[i] ^= stream[skip + i];
  }

  crypto::aes_ctr cipher_;
  core::secret<shifted_salt> salt_;
};

}  // namespace sotto::inline SOTTO_ABI::srtp
