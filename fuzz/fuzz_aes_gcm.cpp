// SPDX-License-Identifier: BSL-1.0
// AES-GCM and AES-CTR: every kernel of the machine against the portable one and OpenSSL, and the façades with any
// spans.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "sotto/crypto.hpp"
#include "support/aead.hpp"
#include "support/arena.hpp"
#include "support/buffer.hpp"
#include "support/check.hpp"
#include "support/input.hpp"
#include "support/kernels.hpp"
#include "support/openssl.hpp"

namespace {

namespace crypto = sotto::crypto;
namespace kernels = sotto::kernels;
namespace aes = sotto::kernels::aes;
namespace gcm = sotto::kernels::aes_gcm;
using fuzz::buffer;
using fuzz::bytes;
using fuzz::input;
using fuzz::require;
using sotto::error;

constexpr std::size_t max_text = fuzz::aead_max_text;

struct cipher {
  using kernel = gcm::kernel;
  static auto candidates() { return gcm::candidates(); }

  static gcm::key expand(const kernel& k, const bytes& secret) {
    gcm::key key;
    k.expand(key, secret.data(), secret.size());
    return key;
  }
#if defined(SOTTO_PEER_OPENSSL)
  static constexpr const char* name = "GCM";
  static bytes openssl_seal(const fuzz::message& m) { return fuzz::openssl::gcm_seal(m.key, m.nonce, m.aad, m.text); }
#endif
};

/// Counter mode a block at a time, with a counter of the last `counter_len` bytes.
bytes reference_ctr(const aes::key& key, bytes counter, const bytes& text, std::size_t counter_len) {
  bytes out(text);
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::uint8_t block[aes::block_len];
    if (i % aes::block_len == 0) {
      fuzz::reference_kernel(aes::candidates()).encrypt_blocks(key, counter.data(), block, 1);
      for (std::size_t j = 0; j < aes::block_len && i + j < text.size(); ++j) out[i + j] ^= block[j];
      for (std::size_t j = 0; j < counter_len && ++counter[15 - j] == 0; ++j) {
      }
    }
  }
  return out;
}

void counter_mode(input& from) {
  const std::size_t key_len = 16 + 8 * from.below(3), text_len = from.length(max_text);
  const bool in_place = from.flag();
  const std::size_t in_at = from.u8(), out_at = from.u8(), counter_at = from.u8(), ones = from.below(17);
  const bytes secret = from.fill(key_len);
  bytes counter = from.fill(aes::block_len);
  // Counters about to wrap, which random ones never are.
  std::fill(counter.end() - static_cast<std::ptrdiff_t>(ones), counter.end(), std::uint8_t{0xff});
  if (ones != 0) counter[15] = static_cast<std::uint8_t>(counter[15] - from.u8());
  const bytes text = from.fill(text_len);

  aes::key reference_key;
  fuzz::reference_kernel(aes::candidates()).expand(reference_key, secret.data(), secret.size());
  const bytes expected = reference_ctr(reference_key, counter, text, 16);
  const bytes expected_narrow = reference_ctr(reference_key, counter, text, 4);
  const bytes blocks = fuzz::slice(text, 0, text.size() / 16 * 16);
  bytes expected_blocks(blocks.size());
  fuzz::reference_kernel(aes::candidates())
      .encrypt_blocks(reference_key, blocks.data(), expected_blocks.data(), blocks.size() / 16);
#if defined(SOTTO_PEER_OPENSSL)
  require(expected == fuzz::openssl::ctr(secret, counter, text), "CTR: OpenSSL disagrees");
  require(expected_blocks == fuzz::openssl::ecb(secret, blocks), "ECB: OpenSSL disagrees");
#endif

  fuzz::for_each_kernel(aes::candidates(), [&](const aes::kernel& kernel) {
    const auto run = [&](const bytes& given, const bytes& wanted, const char* what, auto&& operation) {
      buffer in(given, in_at), out(in_place ? 0 : given.size(), out_at), start(counter, counter_at);
      operation(start.data(), in, in_place ? in : out);
      require((in_place ? in : out).holds(wanted), what, kernel.name);
      require(start.holds(counter) && (in_place || in.holds(given)), "AES changed an input", kernel.name);
    };
    aes::key key;
    kernel.expand(key, secret.data(), secret.size());
    run(text, expected_narrow, "CTR: wrong text", [&](const std::uint8_t* start, buffer& in, buffer& out) {
      kernel.ctr(key, start, in.data(), out.data(), in.size());
    });
    run(blocks, expected_blocks, "AES: wrong blocks", [&](const std::uint8_t*, buffer& in, buffer& out) {
      kernel.encrypt_blocks(key, in.data(), out.data(), in.size() / 16);
    });
    const auto facade = crypto::aes_ctr::create(secret, kernel);
    require(facade.has_value(), "CTR: refused a good key", kernel.name);
    run(text, expected, "CTR: wrong text with a wide counter", [&](const std::uint8_t* start, buffer& in, buffer& out) {
      const auto r = facade->apply(std::span<const std::uint8_t, 16>(start, 16), in.span(), out.span());
      require(r.has_value() && r->data() == out.data() && r->size() == in.size(), "CTR: refused good spans",
              kernel.name);
    });
  });
}

/// The text of the call through the façade of CTR instead.
void check_ctr_facade(const bytes& counter, const fuzz::facade_call& c, buffer& arena) {
  const auto ctr = crypto::aes_ctr::create(c.secret.key);
  require(ctr.has_value(), "CTR: refused a good key");
  const bytes before = content(arena);
  std::optional<error> refused;
  if (c.out.len < c.text.len)
    refused = error::buffer_too_small;
  else if (!same_or_disjoint(c.text, {c.out.from, c.text.len}))
    refused = error::overlapping_buffers;
  aes::key key;
  fuzz::reference_kernel(aes::candidates()).expand(key, c.secret.key.data(), c.secret.key.size());
  const bytes answer = reference_ctr(key, counter, content(arena, c.text), 16);
  const auto got =
      ctr->apply(std::span<const std::uint8_t, 16>(counter.data(), 16), piece(arena, c.text), piece(arena, c.out));
  expect("ctr", got, refused, answer, c.out, arena, before);
}

void facades(input& from) {
  const std::size_t how = from.below(8), key_len = how == 0 ? from.below(70) : 16 + 8 * from.below(3);
  const bytes counter = from.fill(16);
  const std::size_t arena_len = from.below(600), misaligned = from.u8();
  const std::uint32_t hidden = from.u32();
  const fuzz::facade_call c = fuzz::choose_facade_call(from, arena_len, key_len, kernels::aead_nonce_len);
  buffer arena(from.fill(arena_len), misaligned);

  const fuzz::hidden_features mask(hidden);
  const auto aead = crypto::aes_gcm::create(c.secret.key);
  if (key_len != 16 && key_len != 24 && key_len != 32) {
    require(!aead && aead.error() == error::invalid_key_length, "GCM: accepted a key of the wrong length");
    const auto ctr = crypto::aes_ctr::create(c.secret.key);
    require(!ctr && ctr.error() == error::invalid_key_length, "CTR: accepted a key of the wrong length");
    return;
  }
  require(aead.has_value(), "GCM: refused a good key");
  if (how == 1)
    check_ctr_facade(counter, c, arena);
  else if (how == 2)
    fuzz::check_too_long(*aead, c, arena);
  else
    fuzz::check_facade<fuzz::aead_reference<cipher>>(*aead, c, arena);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t len) {
  input from(data, len);
  switch (from.below(4)) {
    case 0: counter_mode(from); break;
    case 1: facades(from); break;
    default: fuzz::aead_on_every_kernel<cipher>(from, 16 + 8 * from.below(3)); break;
  }
  return 0;
}
