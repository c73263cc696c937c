// SPDX-License-Identifier: BSL-1.0
// Sotto's rows of key agreement, hashes and key derivation, and what they must give.
#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include <sotto/crypto.hpp>
#include <sotto/kernels/x25519/select.hpp>

#include "function.hpp"
#include "rows.hpp"

namespace bench {
namespace {

namespace crypto = sotto::crypto;
namespace kernel_x25519 = sotto::kernels::x25519;
using hkdf_sha256 = crypto::hkdf<crypto::sha256>;

/// The calls alone, without the keys' types around them.
class x25519 {
 public:
  static constexpr function of = function::x25519;
  bool operator()(std::size_t, sotto::const_bytes peer, std::uint8_t* secret) noexcept {
    kernel_.multiply(secret, master_key.data(), peer.data());
    return true;
  }

 private:
  const kernel_x25519::kernel& kernel_ = kernel_x25519::select();
};

/// Eight agreements with one key.
class x25519_batch {
 public:
  static constexpr function of = function::x25519;
  static constexpr std::size_t per_call = 8;
  void prepare(std::size_t i, sotto::const_bytes peer, std::uint8_t* secret) noexcept {
    jobs_[i] = {master_key.data(), peer.data(), secret};
  }
  bool operator()(std::size_t i, sotto::const_bytes, std::uint8_t*) noexcept {
    kernel_.multiply_batch(jobs_ + i, per_call);
    return true;
  }

 private:
  const kernel_x25519::kernel& kernel_ = kernel_x25519::select();
  kernel_x25519::job jobs_[max_ring_size];
};

class x25519_base {
 public:
  static constexpr function of = function::x25519_base;
  bool operator()(std::size_t, sotto::const_bytes scalar, std::uint8_t* public_key) noexcept {
    kernel_.multiply_base(public_key, scalar.data());
    return true;
  }

 private:
  const kernel_x25519::kernel& kernel_ = kernel_x25519::select();
};

template <function F>
auto first(std::uint8_t* output) noexcept {
  return std::span<std::uint8_t, output_len(F)>(output, output_len(F));
}

class sha256 {
 public:
  static constexpr function of = function::sha256;
  bool operator()(std::size_t, sotto::const_bytes message, std::uint8_t* digest) noexcept {
    crypto::sha256 hash;
    hash.update(message);
    hash.finish(first<of>(digest));
    return true;
  }
};

class hmac_sha256 {
 public:
  static constexpr function of = function::hmac_sha256;
  bool operator()(std::size_t, sotto::const_bytes message, std::uint8_t* tag) noexcept {
    hmac_.compute(message, first<of>(tag));
    return true;
  }

 private:
  crypto::hmac_sha256 hmac_{master_key};
};

class derive {
 public:
  static constexpr function of = function::hkdf_sha256;
  bool operator()(std::size_t, sotto::const_bytes input, std::uint8_t* derived) noexcept {
    const auto key = hkdf_sha256::extract(crypto::hkdf_salt(master_key), crypto::hkdf_input(input));
    return hkdf_sha256::expand(key, crypto::hkdf_info(hkdf_info()), first<of>(derived)).has_value();
  }
};

}  // namespace

std::vector<std::uint8_t> value_of(function f, sotto::const_bytes input) {
  // A list's last kernel is the reference.
  const auto& curve = *kernel_x25519::candidates().back().kernel;
  const auto& hash = *sotto::kernels::sha256::candidates().back().kernel;
  std::vector<std::uint8_t> value(output_len(f));
  const auto digest = [&] { return std::span<std::uint8_t, 32>(value.data(), 32); };
  switch (f) {
    case function::x25519: curve.multiply(value.data(), master_key.data(), input.data()); break;
    case function::x25519_base: curve.multiply_base(value.data(), input.data()); break;
    case function::sha256: {
      crypto::sha256 whole(hash);
      whole.update(input);
      whole.finish(digest());
      break;
    }
    case function::hmac_sha256: crypto::hmac_sha256(master_key, hash).compute(input, digest()); break;
    case function::hkdf_sha256: {
      const auto key = hkdf_sha256::extract(crypto::hkdf_salt(master_key), crypto::hkdf_input(input), hash);
      (void)hkdf_sha256::expand(key, crypto::hkdf_info(hkdf_info()), value).value();
      break;
    }
  }
  return value;
}

std::vector<std::string> function_kernels() {
  return {std::string("X25519 ") + kernel_x25519::select().name,
          std::string("SHA-256 ") + sotto::kernels::sha256::select().name};
}

void add_sotto_function_rows(table& t) {
  const std::string curve = kernel_x25519::select().name, hash = sotto::kernels::sha256::select().name;
  for (const std::string& library : {std::string("sotto"), std::string(twin_prefix) + "sotto"}) {
    add_function_row<x25519>(t, library, curve);
    add_function_row<x25519_base>(t, library, curve);
    add_function_row<sha256>(t, library, hash);
    add_function_row<derive>(t, library, hash);
  }
  add_function_row<x25519_batch>(t, "sotto_batch", curve + ", 8 per call");
  add_function_row<hmac_sha256>(t, "sotto", hash);
}

}  // namespace bench
