// SPDX-License-Identifier: BSL-1.0
// Rows of a bare AEAD: the call alone, with the RTP header as additional data, over any library's keyed object.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "measure.hpp"

namespace bench {

enum class bare_aead { aes_128_gcm, aes_256_gcm, chacha20_poly1305 };
inline constexpr std::size_t aead_tag_len = 16;  // of all three

/// The middle of a row's name.
constexpr const char* name(bare_aead a) noexcept {
  switch (a) {
    case bare_aead::aes_128_gcm: return "aes_128_gcm";
    case bare_aead::aes_256_gcm: return "aes_256_gcm";
    case bare_aead::chacha20_poly1305: return "chacha20_poly1305";
  }
  return nullptr;
}

/// The AEADs whose rows a table has.
inline std::span<const bare_aead> aeads_of(const table& t) noexcept {
  static constexpr bare_aead gcm[] = {bare_aead::aes_128_gcm, bare_aead::aes_256_gcm};
  static constexpr bare_aead chacha[] = {bare_aead::chacha20_poly1305};
  switch (t.what) {
    case task::protect:
    case task::unprotect: return gcm;
    case task::seal:
    case task::open: return chacha;
    default: return {};
  }
}

using aead_key = std::vector<std::uint8_t>;

/// The key with this number, as long as the algorithm wants it. Number 0 is what every library gets.
inline aead_key key_for(bare_aead a, std::size_t number = 0) {
  aead_key key(master_key.begin(), master_key.begin() + (a == bare_aead::aes_128_gcm ? 16 : 32));
  key.back() ^= static_cast<std::uint8_t>(number);
  return key;
}

/// The kernel that Sotto's rows of it are bound to.
std::string aead_kernel(bare_aead);

/// Fills a ring with packets whose payload is sealed, buffer i with key number i modulo keys.
void fill_sealed(const ring&, bare_aead, const nonces&, std::uint64_t first_index, std::size_t keys = 1);

/// The right answer, from Sotto's portable kernels: ciphertext ‖ tag of the payload of a table's packet of this index.
std::vector<std::uint8_t> sealed_payload(bare_aead, const ring&, std::uint64_t index, std::size_t key_number = 0);

/// One packet as a library gets it, in place: the tag is or comes behind the text.
struct bare_packet {
  const std::uint8_t* nonce;
  const std::uint8_t* aad;  ///< header_len bytes
  std::uint8_t* text;
  std::size_t text_len;
};

/// A row over Library, which is made with an algorithm and has bool seal(const bare_packet&) noexcept.
template <class Library>
class seal_each {
 public:
  explicit seal_each(bare_aead a) : algorithm_(a), library_(a) {}
  void refill(const ring& packets, std::uint64_t first) {
    fill(nonces_, first);
    packets.fill(first);
  }
  bool run(const ring& packets, std::size_t i) noexcept {
    return library_.seal({nonces_[i].data(), packets.at(i), packets.payload(i), packets.payload_len()});
  }
  bool right(const ring& packets, std::size_t i, std::uint64_t index) const {
    return holds(packets.payload(i), sealed_payload(algorithm_, packets, index));
  }

 private:
  bare_aead algorithm_;
  Library library_;
  nonces nonces_;
};

/// The same for bool open(const bare_packet&) noexcept.
template <class Library>
class open_each {
 public:
  explicit open_each(bare_aead a) : algorithm_(a), library_(a) {}
  void refill(const ring& packets, std::uint64_t first) {
    fill(nonces_, first);
    fill_sealed(packets, algorithm_, nonces_, first);
  }
  bool run(const ring& packets, std::size_t i) noexcept {
    return library_.open({nonces_[i].data(), packets.at(i), packets.payload(i), packets.payload_len()});
  }
  bool right(const ring& packets, std::size_t i, std::uint64_t index) const {
    return packets.holds_plain_packet(i, index);
  }

 private:
  bare_aead algorithm_;
  Library library_;
  nonces nonces_;
};

/// Adds a library's row for the direction of the table.
template <class Sealer, class Opener = Sealer>
void add_aead_row(table& t, const std::string& library, bare_aead a, const std::string& kernel) {
  if (t.encrypts())
    t.add<seal_each<Sealer>>(library, "seal", name(a), kernel, a);
  else
    t.add<open_each<Opener>>(library, "open", name(a), kernel, a);
}

}  // namespace bench
