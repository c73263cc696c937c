// SPDX-License-Identifier: BSL-1.0
// Rows of a function from bytes to bytes: X25519, hashes, key derivation, over any library's way to compute it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <sotto/core/bytes.hpp>

#include "measure.hpp"

namespace bench {

/// Each function of a buffer's payload, under the master key: with it as X25519's scalar and the payload as the other
/// side's u coordinate (RFC 7748 5: any 32 bytes are either), or as HMAC's key, or as HKDF's salt.
enum class function { x25519, x25519_base, sha256, hmac_sha256, hkdf_sha256 };

inline sotto::const_bytes hkdf_info() noexcept {
  static constexpr std::uint8_t text[] = {'s', 'o', 't', 't', 'o', ' ', 'b', 'e', 'n', 'c', 'h'};
  return text;
}
inline constexpr std::size_t max_output_len = 42;  // HKDF's, as in RFC 5869's first test case
constexpr std::size_t output_len(function f) noexcept { return f == function::hkdf_sha256 ? max_output_len : 32; }

/// The tables that have its rows, and what stands in their names between library and length.
struct function_words {
  task what;
  const char* verb;
  const char* algorithm;
};
constexpr function_words words(function f) noexcept {
  switch (f) {
    case function::x25519: return {task::agree, "agree", "x25519"};
    case function::x25519_base: return {task::public_key, "public_key", "x25519"};
    case function::sha256: return {task::hash, "digest", "sha256"};
    case function::hmac_sha256: return {task::hash, "mac", "hmac_sha256"};
    case function::hkdf_sha256: return {task::derive, "derive", "hkdf_sha256"};
  }
  return {};
}

/// The right answer, from Sotto's portable kernels.
std::vector<std::uint8_t> value_of(function, sotto::const_bytes input);

/// A row over Library, which names its function as `of` and has
///   bool operator()(std::size_t i, const_bytes input, std::uint8_t* output) noexcept   for buffer i, or per_call from
///   it
/// and may have prepare(i, input, output): what its user would do once per peer or job; not timed.
template <class Library>
class compute_each {
 public:
  static constexpr std::size_t per_call = bench::per_call<Library>();

  void refill(const ring& packets, std::uint64_t first) {
    packets.fill(first);
    for (std::size_t i = 0; i < packets.size(); ++i) {
      sotto::core::store_be64(packets.payload(i), first + i);
      if constexpr (requires { library_.prepare(i, input(packets, i), outputs_[i]); })
        library_.prepare(i, input(packets, i), outputs_[i]);
    }
  }
  bool run(const ring& packets, std::size_t i) noexcept { return library_(i, input(packets, i), outputs_[i]); }
  bool right(const ring& packets, std::size_t i, std::uint64_t) const {
    return holds(outputs_[i], value_of(Library::of, input(packets, i)));
  }

 private:
  static sotto::const_bytes input(const ring& packets, std::size_t i) noexcept {
    return {packets.payload(i), packets.payload_len()};
  }
  Library library_;
  std::uint8_t outputs_[max_ring_size][max_output_len] = {};
};

/// Adds a library's row if the table has the function's.
template <class Library>
void add_function_row(table& t, const std::string& library, const std::string& kernel) {
  constexpr function_words w = words(Library::of);
  if (t.what == w.what) t.add<compute_each<Library>>(library, w.verb, w.algorithm, kernel);
}

}  // namespace bench
