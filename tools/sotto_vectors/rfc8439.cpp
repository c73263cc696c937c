// SPDX-License-Identifier: BSL-1.0
// The JSON cases of RFC 8439, on every kernel.
#include "rfc8439.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <sotto/kernels/chacha20_poly1305/select.hpp>
#include <string>

#include "chacha20_poly1305.hpp"
#include "kernels.hpp"

namespace vectors {
namespace {

namespace kernels = sotto::kernels::chacha20_poly1305;

constexpr std::size_t block_len = 64;
constexpr std::size_t nonce_len = sotto::kernels::aead_nonce_len;
constexpr std::size_t tag_len = sotto::kernels::aead_tag_len;

template <class Body>
void on_each_kernel(report& r, const Body& body) {
  on_each(kernels::candidates(), "chacha20_poly1305", r, body);
}

struct cipher_vector {
  kernels::key key;
  bytes nonce;
  std::uint32_t counter;
  bytes in, out;
};

/// The whole at once, what is left from each later block on, and back in place.
void check_cipher(test_case& c, const std::string& kernel, const kernels::kernel& table, const cipher_vector& v) {
  for (std::size_t block = 0; block * block_len < v.in.size(); ++block) {
    const auto in = sotto::const_bytes(v.in).subspan(block * block_len);
    guarded out(in.size());
    table.chacha20(v.key, v.counter + static_cast<std::uint32_t>(block), v.nonce.data(), in.data(), out.span().data(),
                   in.size());
    c.same(kernel, "text from block " + std::to_string(block) + " on",
           sotto::const_bytes(v.out).subspan(block * block_len), out.span());
    c.require(kernel, out.guard_intact(), "the cipher wrote behind its output");
  }
  bytes buffer = v.out;
  table.chacha20(v.key, v.counter, v.nonce.data(), buffer.data(), buffer.data(), buffer.size());
  c.same(kernel, "text in place", v.in, buffer);
}

}  // namespace

void run_chacha20_poly1305_case(const json_case& v, report& r) {
  const aead_vector aead{
      v.hex("key", kernels::key_len), v.hex("nonce", nonce_len), v.hex("aad"), v.hex("plaintext"), v.hex("ciphertext"),
      v.hex("tag", tag_len)};
  run_chacha20_poly1305({{v.id(), aead, true, v.hex("poly1305_key", 32)}}, r);
}

void run_chacha20_case(const json_case& v, report& r) {
  const std::string type = v.text("type");
  cipher_vector cipher{{}, v.hex("nonce", nonce_len), 0, {}, {}};
  const bytes key = v.hex("key", kernels::key_len);
  std::copy(key.begin(), key.end(), cipher.key.bytes);
  const std::uint64_t counter = v.number("counter_value");
  if (counter >> 32 != 0) throw malformed(v.id() + ": counter_value has more than 32 bits");
  cipher.counter = static_cast<std::uint32_t>(counter);
  if (type == "encrypt") {
    cipher.in = v.hex("plaintext");
    cipher.out = v.hex("ciphertext", cipher.in.size());
  } else if (type == "block") {
    cipher.out = v.hex("keystream", block_len);
  } else if (type == "poly1305_key_gen") {
    cipher.out = v.hex("poly1305_key", 32);
  } else {
    throw malformed(v.id() + ": unknown type \"" + type + '"');
  }
  cipher.in.resize(cipher.out.size());
  r.run(v.id(), [&](test_case& c) {
    on_each_kernel(r, [&](const auto& table, const std::string& kernel) { check_cipher(c, kernel, table, cipher); });
  });
}

void run_poly1305_case(const json_case& v, report& r) {
  const bytes key = v.hex("key", 32), text = v.hex("text"), tag = v.hex("tag", tag_len);
  r.run(v.id(), [&](test_case& c) {
    on_each_kernel(r, [&](const auto& table, const std::string& kernel) {
      guarded out(tag_len);
      table.poly1305(key.data(), text.data(), text.size(), out.span().data());
      c.same(kernel, "tag", tag, out.span());
      c.require(kernel, out.guard_intact(), "the authenticator wrote behind its output");
    });
  });
}

}  // namespace vectors
