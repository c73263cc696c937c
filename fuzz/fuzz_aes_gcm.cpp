// SPDX-License-Identifier: BSL-1.0
// AES-GCM and AES-CTR: every kernel of the machine against the portable one and OpenSSL, and the façades with any
// spans.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "sotto/crypto.hpp"
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

constexpr std::size_t max_text = 4096, max_aad = 300, tag_len = 16, nonce_len = 12;

struct message {
  bytes key, nonce, aad, text;
};

bytes slice(const bytes& b, std::size_t from, std::size_t len) {
  return {b.begin() + static_cast<std::ptrdiff_t>(from), b.begin() + static_cast<std::ptrdiff_t>(from + len)};
}

/// Ciphertext ‖ tag by the portable kernel, which OpenSSL must confirm.
bytes reference_seal(const message& m) {
  gcm::key key;
  gcm::portable::table.expand(key, m.key.data(), m.key.size());
  bytes sealed(m.text.size() + tag_len);
  gcm::portable::table.seal(
      key, {m.nonce.data(), m.aad.data(), m.aad.size(), nullptr, 0, m.text.data(), sealed.data(), m.text.size()},
      sealed.data() + m.text.size());
#if defined(SOTTO_PEER_OPENSSL)
  require(sealed == fuzz::openssl::gcm_seal(m.key, m.nonce, m.aad, m.text), "GCM: OpenSSL disagrees");
#endif
  return sealed;
}

/// Where each argument of a kernel call lies.
struct placement {
  bool in_place;
  std::size_t tail_len;  // how much of the AAD goes to aad_tail
  std::size_t nonce, aad, tail, in, out, tag;
};

placement choose_placement(input& from, std::size_t aad_len) {
  placement p{};
  p.in_place = from.flag();
  p.tail_len = from.below(std::min(aad_len, kernels::aead_aad_tail_max) + 1);
  for (std::size_t* at : {&p.nonce, &p.aad, &p.tail, &p.in, &p.out, &p.tag}) *at = from.u8();
  return p;
}

/// The arguments of one kernel call, each in memory of its own.
class call {
 public:
  call(const message& m, const bytes& text, const placement& p)
      : nonce_(m.nonce, p.nonce),
        aad_(slice(m.aad, 0, m.aad.size() - p.tail_len), p.aad),
        tail_(slice(m.aad, m.aad.size() - p.tail_len, p.tail_len), p.tail),
        in_(text, p.in),
        out_(p.in_place ? 0 : text.size(), p.out),
        tag_(tag_len, p.tag),
        before_{m, text, p} {}

  kernels::aead_packet packet() {
    return {nonce_.data(),
            aad_.data(),
            aad_.size(),
            tail_.data(),
            tail_.size(),
            in_.data(),
            before_.at.in_place ? in_.data() : out_.data(),
            in_.size()};
  }
  buffer& tag() { return tag_; }
  void put_tag(const bytes& tag) { std::copy(tag.begin(), tag.end(), tag_.data()); }

  bool wrote(const bytes& text) const {
    if (before_.at.in_place) return in_.holds(text);
    return out_.holds(text) && in_.holds(before_.text);
  }
  bool wrote_nothing() const { return in_.holds(before_.text) && (before_.at.in_place || out_.untouched()); }
  bool kept_the_rest() const {
    const std::size_t head = before_.m.aad.size() - before_.at.tail_len;
    return nonce_.holds(before_.m.nonce) && aad_.holds(slice(before_.m.aad, 0, head)) &&
           tail_.holds(slice(before_.m.aad, head, before_.at.tail_len));
  }

 private:
  buffer nonce_, aad_, tail_, in_, out_, tag_;
  struct {
    const message& m;
    const bytes& text;
    const placement& at;
  } before_;
};

void check_open(const gcm::kernel& kernel, const gcm::key& key, const message& m, const bytes& text, const bytes& tag,
                const placement& at, bool genuine) {
  call c(m, text, at);
  c.put_tag(tag);
  const bool accepted = kernel.open(key, c.packet(), c.tag().data());
  require(accepted == genuine, genuine ? "GCM: refused a genuine message" : "GCM: accepted a forgery", kernel.name);
  if (genuine)
    require(c.wrote(m.text), "GCM: wrong plaintext", kernel.name);
  else
    require(c.wrote_nothing(), "GCM: wrote before refusing", kernel.name);
  require(c.tag().holds(tag) && c.kept_the_rest(), "GCM: open changed an input", kernel.name);
}

void flip(bytes& b, std::uint16_t which) { b[which / 8 % b.size()] ^= static_cast<std::uint8_t>(1u << which % 8); }

void every_kernel(input& from) {
  const std::size_t key_len = 16 + 8 * from.below(3), aad_len = from.length(max_aad), text_len = from.length(max_text);
  const placement at = choose_placement(from, aad_len);
  const std::uint16_t which_bit = from.u16();
  message m{from.fill(key_len), from.fill(nonce_len), from.fill(aad_len), from.fill(text_len)};

  const bytes sealed = reference_seal(m);
  const bytes ciphertext = slice(sealed, 0, text_len), tag = slice(sealed, text_len, tag_len);
  message altered = m;
  bytes altered_text = ciphertext, altered_tag = tag;
  flip(altered_tag, which_bit);
  flip(altered.nonce, which_bit);
  if (aad_len != 0) flip(altered.aad, which_bit);
  if (text_len != 0) flip(altered_text, which_bit);

  fuzz::for_each_kernel(gcm::candidates, [&](const gcm::kernel& kernel) {
    gcm::key key;
    kernel.expand(key, m.key.data(), m.key.size());
    call c(m, m.text, at);
    kernel.seal(key, c.packet(), c.tag().data());
    require(c.wrote(ciphertext), "GCM: wrong ciphertext", kernel.name);
    require(c.tag().holds(tag), "GCM: wrong tag", kernel.name);
    require(c.kept_the_rest(), "GCM: seal changed an input", kernel.name);

    check_open(kernel, key, m, ciphertext, tag, at, true);
    check_open(kernel, key, m, ciphertext, altered_tag, at, false);
    if (text_len != 0) check_open(kernel, key, m, altered_text, tag, at, false);
    if (aad_len != 0) check_open(kernel, key, {m.key, m.nonce, altered.aad, m.text}, ciphertext, tag, at, false);
    check_open(kernel, key, {m.key, altered.nonce, m.aad, m.text}, ciphertext, tag, at, false);
  });
}

/// Counter mode a block at a time, with a counter of the last `counter_len` bytes.
bytes reference_ctr(const aes::key& key, bytes counter, const bytes& text, std::size_t counter_len) {
  bytes out(text);
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::uint8_t block[aes::block_len];
    if (i % aes::block_len == 0) {
      aes::portable::table.encrypt_blocks(key, counter.data(), block, 1);
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
  aes::portable::table.expand(reference_key, secret.data(), secret.size());
  const bytes expected = reference_ctr(reference_key, counter, text, 16);
  const bytes expected_narrow = reference_ctr(reference_key, counter, text, 4);
  const bytes blocks = slice(text, 0, text.size() / 16 * 16);
  bytes expected_blocks(blocks.size());
  aes::portable::table.encrypt_blocks(reference_key, blocks.data(), expected_blocks.data(), blocks.size() / 16);
#if defined(SOTTO_PEER_OPENSSL)
  require(expected == fuzz::openssl::ctr(secret, counter, text), "CTR: OpenSSL disagrees");
  require(expected_blocks == fuzz::openssl::ecb(secret, blocks), "ECB: OpenSSL disagrees");
#endif

  fuzz::for_each_kernel(aes::candidates, [&](const aes::kernel& kernel) {
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

struct region {
  std::size_t from, len;
  std::size_t end() const { return from + len; }
};

bool disjoint(region a, region b) { return a.len == 0 || b.len == 0 || a.end() <= b.from || b.end() <= a.from; }

/// Any piece of the arena, or one that begins with or behind another.
region choose_region(input& from, std::size_t arena_len, region other) {
  const std::size_t how = from.below(4);
  region r{how == 0 ? other.from : how == 1 ? std::min(other.end(), arena_len) : from.below(arena_len + 1), 0};
  r.len = from.below(arena_len - r.from + 1);
  return r;
}
/// Mostly about as long as needed, since other sizes are refused at once.
void choose_len(input& from, region& r, std::size_t arena_len, std::size_t needed) {
  if (from.below(4) != 0) r.len = std::min(needed + from.below(4), arena_len - r.from + 1) - (needed != 0 ? 1 : 0);
  r.len = std::min(r.len, arena_len - r.from);
}

/// One façade call in an arena where its arguments may overlap: the error that the documentation promises and memory
/// untouched, or the reference's answer and nothing else written.
void expect(const char* what, const sotto::result<sotto::mutable_bytes>& got, std::optional<error> refused,
            const bytes& answer, region out, const buffer& arena, bytes before) {
  require(got.has_value() == !refused, refused ? "accepted what it should refuse" : "refused valid arguments", what);
  if (refused) {
    require(got.error() == *refused, "wrong error", what);
  } else {
    require(got->data() == arena.data() + out.from && got->size() == answer.size(), "wrong span", what);
    std::copy(answer.begin(), answer.end(), before.begin() + static_cast<std::ptrdiff_t>(out.from));
  }
  require(arena.holds(before), refused ? "wrote before refusing" : "wrong bytes written", what);
}

void facade_seal(const crypto::aes_gcm& aead, const message& secret, buffer& arena, region aad, region text,
                 region out) {
  const bytes before(arena.data(), arena.data() + arena.size());
  std::optional<error> refused;
  const std::size_t needed = text.len + tag_len;
  const region written{out.from, needed};
  if (out.len < needed)
    refused = error::buffer_too_small;
  else if ((text.from != out.from && !disjoint(text, written)) || !disjoint(aad, written))
    refused = error::overlapping_buffers;
  bytes answer;
  if (!refused)
    answer = reference_seal(
        {secret.key, secret.nonce, slice(before, aad.from, aad.len), slice(before, text.from, text.len)});
  const auto got =
      aead.seal(crypto::aes_gcm::nonce(std::span<const std::uint8_t, nonce_len>(secret.nonce.data(), nonce_len)),
                arena.span().subspan(aad.from, aad.len), arena.span().subspan(text.from, text.len),
                arena.span().subspan(out.from, out.len));
  expect("seal", got, refused, answer, out, arena, before);
}

void facade_open(const crypto::aes_gcm& aead, const message& secret, buffer& arena, region aad, region sealed,
                 region out, bool genuine) {
  if (genuine && sealed.len >= tag_len) {
    const std::uint8_t* const p = arena.data() + sealed.from;
    const bytes made =
        reference_seal({secret.key, secret.nonce, bytes(arena.data() + aad.from, arena.data() + aad.end()),
                        bytes(p, p + sealed.len - tag_len)});
    // Where the AAD overlaps, this changes it and the message is no longer genuine.
    std::copy(made.begin(), made.end(), arena.data() + sealed.from);
  }
  const bytes before(arena.data(), arena.data() + arena.size());
  std::optional<error> refused;
  bytes answer;
  const std::size_t text_len = sealed.len < tag_len ? 0 : sealed.len - tag_len;
  const region written{out.from, text_len};
  if (sealed.len < tag_len) {
    refused = error::authentication_failed;
  } else if (out.len < text_len) {
    refused = error::buffer_too_small;
  } else if ((sealed.from != out.from && !disjoint(sealed, written)) || !disjoint(aad, written)) {
    refused = error::overlapping_buffers;
  } else {
    gcm::key key;
    gcm::portable::table.expand(key, secret.key.data(), secret.key.size());
    answer.resize(text_len);
    const kernels::aead_packet packet{secret.nonce.data(),
                                      before.data() + aad.from,
                                      aad.len,
                                      nullptr,
                                      0,
                                      before.data() + sealed.from,
                                      answer.data(),
                                      text_len};
    if (!gcm::portable::table.open(key, packet, before.data() + sealed.from + text_len))
      refused = error::authentication_failed;
  }
  const auto got =
      aead.open(crypto::aes_gcm::nonce(std::span<const std::uint8_t, nonce_len>(secret.nonce.data(), nonce_len)),
                arena.span().subspan(aad.from, aad.len), arena.span().subspan(sealed.from, sealed.len),
                arena.span().subspan(out.from, out.len));
  expect("open", got, refused, answer, out, arena, before);
}

void facade_ctr(const bytes& secret, const bytes& counter, buffer& arena, region text, region out) {
  const auto cipher = crypto::aes_ctr::create(secret);
  require(cipher.has_value(), "CTR: refused a good key");
  const bytes before(arena.data(), arena.data() + arena.size());
  std::optional<error> refused;
  if (out.len < text.len)
    refused = error::buffer_too_small;
  else if (text.from != out.from && !disjoint(text, {out.from, text.len}))
    refused = error::overlapping_buffers;
  aes::key key;
  aes::portable::table.expand(key, secret.data(), secret.size());
  const bytes answer = reference_ctr(key, counter, slice(before, text.from, text.len), 16);
  const auto got = cipher->apply(std::span<const std::uint8_t, 16>(counter.data(), 16),
                                 arena.span().subspan(text.from, text.len), arena.span().subspan(out.from, out.len));
  expect("ctr", got, refused, answer, out, arena, before);
}

/// Lengths beyond the cipher's limit are refused before anything is read, so the memory needn't exist.
void facade_too_long(const crypto::aes_gcm& aead, const message& secret, buffer& arena, std::uint64_t beyond) {
  if constexpr (sizeof(std::size_t) > 4) {
    const auto len = static_cast<std::size_t>(gcm::max_text_len + 1 + beyond % 1024);
    const bytes before(arena.data(), arena.data() + arena.size());
    const sotto::mutable_bytes imagined(arena.data(), len + tag_len);
    const crypto::aes_gcm::nonce nonce(std::span<const std::uint8_t, nonce_len>(secret.nonce.data(), nonce_len));
    expect("seal of too much", aead.seal(nonce, {}, imagined.first(len), imagined), error::message_too_long, {}, {},
           arena, before);
    expect("open of too much", aead.open(nonce, {}, imagined, imagined), error::message_too_long, {}, {}, arena,
           before);
  }
}

void facades(input& from) {
  const std::size_t how = from.below(8), arena_len = from.below(600), misaligned = from.u8();
  const region aad = choose_region(from, arena_len, {}), text = choose_region(from, arena_len, aad);
  region out = choose_region(from, arena_len, text);
  const bool genuine = from.flag(), opening = from.flag();
  choose_len(from, out, arena_len, opening ? text.len - std::min(text.len, tag_len) : text.len + tag_len);
  const std::uint32_t hidden = from.u32();
  const std::size_t key_len = how == 0 ? from.below(70) : 16 + 8 * from.below(3);
  const message secret{from.fill(key_len), from.fill(nonce_len), {}, {}};
  const bytes counter = from.fill(16);
  buffer arena(from.fill(arena_len), misaligned);

  const fuzz::hidden_features mask(hidden);
  const auto aead = crypto::aes_gcm::create(secret.key);
  if (key_len != 16 && key_len != 24 && key_len != 32) {
    require(!aead && aead.error() == error::invalid_key_length, "GCM: accepted a key of the wrong length");
    const auto ctr = crypto::aes_ctr::create(secret.key);
    require(!ctr && ctr.error() == error::invalid_key_length, "CTR: accepted a key of the wrong length");
    return;
  }
  require(aead.has_value(), "GCM: refused a good key");
  if (how == 1)
    facade_ctr(secret.key, counter, arena, text, out);
  else if (how == 2)
    facade_too_long(*aead, secret, arena, text.len);
  else if (opening)
    facade_open(*aead, secret, arena, aad, text, out, genuine);
  else
    facade_seal(*aead, secret, arena, aad, text, out);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t len) {
  input from(data, len);
  switch (from.below(4)) {
    case 0: counter_mode(from); break;
    case 1: facades(from); break;
    default: every_kernel(from); break;
  }
  return 0;
}
