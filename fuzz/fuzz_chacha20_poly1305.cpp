// SPDX-License-Identifier: BSL-1.0
// ChaCha20-Poly1305 and its parts: every kernel of the machine against the reference and OpenSSL, one message and many,
// and the façades with any spans.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "sotto/crypto.hpp"
#include "support/aead.hpp"
#include "support/arena.hpp"
#include "support/buffer.hpp"
#include "support/check.hpp"
#include "support/edges.hpp"
#include "support/input.hpp"
#include "support/kernels.hpp"
#include "support/openssl.hpp"

namespace {

namespace chacha = sotto::kernels::chacha20_poly1305;
namespace crypto = sotto::crypto;
using fuzz::append;
using fuzz::buffer;
using fuzz::bytes;
using fuzz::input;
using fuzz::message;
using fuzz::require;
using sotto::error;

constexpr std::size_t key_len = chacha::key_len, nonce_len = sotto::kernels::aead_nonce_len;
constexpr std::size_t tag_len = fuzz::aead_tag_len, max_text = fuzz::aead_max_text;

struct cipher {
  using kernel = chacha::kernel;
  static auto candidates() { return chacha::candidates(); }

  static chacha::key expand(const kernel&, const bytes& secret) {
    chacha::key key;
    std::copy(secret.begin(), secret.end(), key.bytes);
    return key;
  }
#if defined(SOTTO_PEER_OPENSSL)
  static constexpr const char* name = "ChaCha20-Poly1305";
  static bytes openssl_seal(const message& m) {
    return fuzz::openssl::chacha20_poly1305_seal(m.key, m.nonce, m.aad, m.text);
  }
#endif
};
using reference = fuzz::aead_reference<cipher>;

/// HChaCha20 by the reference kernel. OpenSSL's block of the same state is the permutation's output plus its input.
bytes reference_subkey(const bytes& key, const bytes& nonce) {
  chacha::key subkey;
  reference::kernel.hchacha20(cipher::expand(reference::kernel, key), nonce.data(), subkey);
#if defined(SOTTO_PEER_OPENSSL)
  bytes first(nonce.begin(), nonce.begin() + 16);
  const auto word = [](const bytes& b, std::size_t i) {
    return b[i] | std::uint32_t{b[i + 1]} << 8 | std::uint32_t{b[i + 2]} << 16 | std::uint32_t{b[i + 3]} << 24;
  };
  const bytes block = fuzz::openssl::chacha20(key, word(first, 0), fuzz::slice(first, 4, 12), bytes(64));
  bytes added{'e', 'x', 'p', 'a', 'n', 'd', ' ', '3', '2', '-', 'b', 'y', 't', 'e', ' ', 'k'};
  append(added, first);
  for (std::size_t i = 0; i < key_len; i += 4) {
    const std::uint32_t made = word(block, i < 16 ? i : 32 + i) - word(added, i);
    for (std::size_t j = 0; j < 4; ++j)
      require(subkey.bytes[i + j] == static_cast<std::uint8_t>(made >> 8 * j), "HChaCha20: OpenSSL disagrees");
  }
#endif
  return {subkey.bytes, subkey.bytes + key_len};
}

/// draft-irtf-cfrg-xchacha 2.3: the cipher with a subkey and the nonce's end.
struct xchacha_reference {
  static bytes seal(const message& m) { return reference::seal(inner(m)); }
  static std::optional<bytes> open(const message& m, const bytes& tag) { return reference::open(inner(m), tag); }

 private:
  static message inner(const message& m) {
    bytes nonce(4);
    append(nonce, fuzz::slice(m.nonce, 16, 8));
    return {reference_subkey(m.key, m.nonce), nonce, m.aad, m.text};
  }
};

/// A key stream from any counter, those about to wrap above all.
void stream(input& from) {
  const std::size_t text_len = from.length(max_text);
  const bool in_place = from.flag(), wrapping = from.flag();
  const std::uint32_t counter = wrapping ? ~std::uint32_t{from.u8()} : from.u32();
  const std::size_t in_at = from.u8(), out_at = from.u8(), nonce_at = from.u8();
  const bytes secret = from.fill(key_len), nonce = from.fill(nonce_len), text = from.fill(text_len);
  bytes expected(text_len);
  reference::kernel.chacha20(cipher::expand(reference::kernel, secret), counter, nonce.data(), text.data(),
                             expected.data(), text_len);
#if defined(SOTTO_PEER_OPENSSL)
  require(expected == fuzz::openssl::chacha20(secret, counter, nonce, text), "ChaCha20: OpenSSL disagrees");
#endif
  fuzz::for_each_kernel(chacha::candidates(), [&](const chacha::kernel& kernel) {
    buffer in(text, in_at), out(in_place ? 0 : text_len, out_at);
    const buffer nonce_mem(nonce, nonce_at);
    const chacha::key key = cipher::expand(kernel, secret);
    kernel.chacha20(key, counter, nonce_mem.data(), in.data(), (in_place ? in : out).data(), text_len);
    require((in_place ? in : out).holds(expected), "ChaCha20: wrong text", kernel.name);
    require((in_place || in.holds(text)) && nonce_mem.holds(nonce), "ChaCha20 changed an input", kernel.name);
  });
}

void authenticator(input& from) {
  const std::size_t message_len = from.length(max_text);
  const std::size_t key_at = from.u8(), message_at = from.u8(), tag_at = from.u8();
  const unsigned r_choice = from.u8(), s_choice = from.u8();
  bytes one_time_key = from.fill(32), text = from.fill(message_len);
  fuzz::put_edge(one_time_key.data(), 16, r_choice);
  fuzz::put_edge(one_time_key.data() + 16, 16, s_choice);
  fuzz::put_edges(from, text);
  bytes expected(tag_len);
  reference::kernel.poly1305(one_time_key.data(), text.data(), message_len, expected.data());
#if defined(SOTTO_PEER_OPENSSL)
  require(expected == fuzz::openssl::poly1305(one_time_key, text), "Poly1305: OpenSSL disagrees");
#endif
  fuzz::for_each_kernel(chacha::candidates(), [&](const chacha::kernel& kernel) {
    const buffer key(one_time_key, key_at), in(text, message_at);
    buffer tag(tag_len, tag_at);
    kernel.poly1305(key.data(), in.data(), message_len, tag.data());
    require(tag.holds(expected), "Poly1305: wrong tag", kernel.name);
    require(key.holds(one_time_key) && in.holds(text), "Poly1305 changed an input", kernel.name);
  });
}

void subkeys(input& from) {
  const std::size_t nonce_at = from.u8();
  const bytes secret = from.fill(key_len), nonce = from.fill(16), expected = reference_subkey(secret, nonce);
  fuzz::for_each_kernel(chacha::candidates(), [&](const chacha::kernel& kernel) {
    const buffer nonce_mem(nonce, nonce_at);
    const chacha::key key = cipher::expand(kernel, secret);
    chacha::key subkey;
    kernel.hchacha20(key, nonce_mem.data(), subkey);
    require(std::equal(expected.begin(), expected.end(), subkey.bytes), "HChaCha20: wrong subkey", kernel.name);
    require(std::equal(secret.begin(), secret.end(), key.bytes), "HChaCha20 changed its key", kernel.name);
  });
}

void parts(input& from) {
  switch (from.below(8)) {
    case 0: subkeys(from); break;
    case 1:
    case 2:
    case 3: stream(from); break;
    default: authenticator(from); break;
  }
}

/// One message of a batch, and what comes of it.
struct batched {
  message m;
  fuzz::placement at;
  bytes ciphertext, tag;
  // As it is opened, with one wrong bit or without.
  message received;
  bytes received_text, received_tag;
  bool genuine;
};

batched choose_batched(input& from, const bytes* previous_key, std::size_t most_text) {
  batched b{};
  const std::size_t aad_len = from.length(fuzz::aead_max_aad), text_len = from.length(most_text);
  b.at = fuzz::choose_placement(from, aad_len);
  const unsigned forgery = from.u8();
  const std::uint16_t which_bit = from.u16();
  const bool same_key = from.flag() && previous_key != nullptr;
  b.m = {same_key ? *previous_key : from.fill(key_len), from.fill(nonce_len), from.fill(aad_len), from.fill(text_len)};
  const bytes sealed = reference::seal(b.m);
  b.ciphertext = b.received_text = fuzz::slice(sealed, 0, text_len);
  b.tag = b.received_tag = fuzz::slice(sealed, text_len, tag_len);
  b.received = b.m;
  bytes* const parts[] = {&b.received_tag, &b.received_text, &b.received.aad, &b.received.nonce};
  b.genuine = forgery % 8 >= std::size(parts) || parts[forgery % 8]->empty();
  if (!b.genuine) fuzz::flip(*parts[forgery % 8], which_bit);
  return b;
}

/// Many messages under many keys in one call: each as if it were alone.
void batches(input& from) {
  const std::size_t count = from.below(4) == 0 ? from.below(70) : from.below(18);
  const std::size_t most_text = count <= 17 ? 1200 : 300;
  std::vector<batched> all;
  for (std::size_t i = 0; i < count; ++i)
    all.push_back(choose_batched(from, i != 0 ? &all[i - 1].m.key : nullptr, most_text));

  fuzz::for_each_kernel(chacha::candidates(), [&](const chacha::kernel& kernel) {
    std::vector<std::unique_ptr<chacha::key>> keys;
    std::vector<fuzz::aead_call> sealing, opening;
    std::vector<chacha::job> to_seal(count), to_open(count);
    sealing.reserve(count);
    opening.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
      const batched& b = all[i];
      keys.push_back(std::make_unique<chacha::key>(cipher::expand(kernel, b.m.key)));
      sealing.emplace_back(b.m, b.at);
      opening.emplace_back(b.received, b.received_text, b.received_tag, b.at);
      to_seal[i] = {keys[i].get(), sealing[i].packet(), sealing[i].tag(), false};
      to_open[i] = {keys[i].get(), opening[i].packet(), opening[i].tag(), !b.genuine};
    }
    kernel.seal_batch(to_seal.data(), count);
    kernel.open_batch(to_open.data(), count);
    for (std::size_t i = 0; i < count; ++i) {
      sealing[i].check_sealed(all[i].ciphertext, all[i].tag, kernel.name);
      opening[i].check_opened(to_open[i].authentic, all[i].genuine, all[i].received_tag, kernel.name);
    }
  });
}

/// A façade's call, or its refusal of the key.
template <class Reference, class Aead>
void single_facade(input& from) {
  const std::size_t how = from.below(8), given_key_len = how == 0 ? from.below(70) : key_len;
  const std::size_t arena_len = from.below(600), misaligned = from.u8();
  const fuzz::hidden_features mask(from.u32());
  const fuzz::facade_call c = fuzz::choose_facade_call(from, arena_len, given_key_len, Aead::nonce_len);
  buffer arena(from.fill(arena_len), misaligned);
  const auto aead = Aead::create(c.secret.key);
  require(aead.has_value() == (given_key_len == key_len), "wrong verdict about a key's length");
  if (!aead)
    require(aead.error() == error::invalid_key_length, "wrong error for a key's length");
  else if (how == 1)
    fuzz::check_too_long(*aead, c, arena);
  else
    fuzz::check_facade<Reference>(*aead, c, arena);
}

/// Many jobs in one memory, which may write what others read or write: as if they ran one after the other.
void facade_batch(input& from) {
  using aead = crypto::chacha20_poly1305;
  const std::size_t count = from.below(4) == 0 ? from.below(80) : from.below(10), arena_len = from.below(600);
  const std::size_t misaligned = from.u8();
  const bool opening = from.flag(), mixed_kernels = from.flag();
  const std::uint32_t hidden = from.u32();
  std::vector<fuzz::facade_call> calls;
  std::vector<bool> keyless;
  std::vector<std::unique_ptr<aead>> keys;
  for (std::size_t i = 0; i < count; ++i) {
    const unsigned key_choice = from.u8();
    calls.push_back(fuzz::choose_facade_call(from, arena_len, key_len, nonce_len));
    calls[i].opening = opening;
    keyless.push_back(key_choice % 32 == 31);
    const fuzz::hidden_features mask(mixed_kernels && key_choice % 2 != 0 ? hidden : 0);
    auto made = aead::create(calls[i].secret.key);
    require(made.has_value(), "refused a good key");
    keys.push_back(std::make_unique<aead>(std::move(*made)));
  }
  buffer arena(from.fill(arena_len), misaligned);
  for (const auto& c : calls) fuzz::make_genuine<reference>(c, arena);

  std::vector<aead::job> jobs;
  jobs.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    const fuzz::facade_call& c = calls[i];
    jobs.push_back({keyless[i] ? nullptr : keys[i].get(), fuzz::nonce_of<aead>(c.secret), piece(arena, c.aad),
                    piece(arena, c.text), piece(arena, c.out)});
    jobs[i].outcome = sotto::failure{error::unsupported};  // left from another batch
  }
  buffer model(content(arena), misaligned);
  std::vector<fuzz::facade_answer> answers;
  for (std::size_t i = 0; i < count; ++i) {
    const fuzz::facade_call& c = calls[i];
    answers.push_back(keyless[i] ? fuzz::facade_answer{error::invalid_argument, {}}
                                 : fuzz::answer_of<reference>(c, model));
    std::copy(answers[i].text.begin(), answers[i].text.end(), piece(model, c.out).begin());
  }
  if (opening)
    aead::open_batch(jobs);
  else
    aead::seal_batch(jobs);
  for (std::size_t i = 0; i < count; ++i)
    fuzz::check_outcome("batch", jobs[i].outcome, answers[i].refused, arena.data() + calls[i].out.from,
                        answers[i].text.size());
  require(arena.holds(content(model)), "batch: not what its jobs do one after the other");
}

void facades(input& from) {
  switch (from.below(4)) {
    case 0: single_facade<xchacha_reference, crypto::xchacha20_poly1305>(from); break;
    case 1: single_facade<reference, crypto::chacha20_poly1305>(from); break;
    default: facade_batch(from); break;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t len) {
  input from(data, len);
  switch (from.below(4)) {
    case 0: parts(from); break;
    case 1: facades(from); break;
    case 2: batches(from); break;
    default: fuzz::aead_on_every_kernel<cipher>(from, key_len); break;
  }
  return 0;
}
