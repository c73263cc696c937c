// SPDX-License-Identifier: BSL-1.0
// What the harnesses of all AEADs share: one message through every kernel, and the façades' calls.
//
// A Cipher names what differs:
//   kernel, candidates           of kernels/<algorithm>
//   expand(kernel, bytes)        a key in that kernel's layout
//   openssl_seal(message), name  ciphertext ‖ tag from OpenSSL where it is installed, and the name for findings
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "arena.hpp"
#include "buffer.hpp"
#include "check.hpp"
#include "edges.hpp"
#include "input.hpp"
#include "kernels.hpp"
#include "sotto/kernels/aead_packet.hpp"

namespace fuzz {

constexpr std::size_t aead_max_text = 4096, aead_max_aad = 300, aead_tag_len = sotto::kernels::aead_tag_len;

struct message {
  bytes key, nonce, aad, text;
};

/// The reference kernel's answers.
template <class Cipher>
struct aead_reference {
  static inline const auto& kernel = reference_kernel(Cipher::candidates());

  /// Ciphertext ‖ tag, which OpenSSL must confirm.
  static bytes seal(const message& m) {
    const auto key = Cipher::expand(kernel, m.key);
    bytes sealed(m.text.size() + aead_tag_len);
    kernel.seal(key, packet(m, sealed.data()), sealed.data() + m.text.size());
#if defined(SOTTO_PEER_OPENSSL)
    require(sealed == Cipher::openssl_seal(m), "OpenSSL disagrees", Cipher::name);
#endif
    return sealed;
  }
  /// The plaintext of m's text, if this is its tag.
  static std::optional<bytes> open(const message& m, const bytes& tag) {
    const auto key = Cipher::expand(kernel, m.key);
    bytes text(m.text.size());
    if (!kernel.open(key, packet(m, text.data()), tag.data())) return {};
    return text;
  }

 private:
  static sotto::kernels::aead_packet packet(const message& m, std::uint8_t* out) {
    return {m.nonce.data(), m.aad.data(), m.aad.size(), nullptr, 0, m.text.data(), out, m.text.size()};
  }
};

/// Where each argument of a kernel call lies.
struct placement {
  bool in_place;
  std::size_t tail_len;  // how much of the AAD goes to aad_tail
  std::size_t nonce, aad, tail, in, out, tag;
};

inline placement choose_placement(input& from, std::size_t aad_len) {
  placement p{};
  p.in_place = from.flag();
  p.tail_len = from.below(std::min(aad_len, sotto::kernels::aead_aad_tail_max) + 1);
  for (std::size_t* at : {&p.nonce, &p.aad, &p.tail, &p.in, &p.out, &p.tag}) *at = from.u8();
  return p;
}

/// The arguments of one kernel call, each in memory of its own. It refers to what it is made from.
class aead_call {
 public:
  /// A call that seals m's text.
  aead_call(const message& m, const placement& at) : aead_call(m, m.text, at) {}
  /// A call that opens this text and tag.
  aead_call(const message& m, const bytes& text, const bytes& tag, const placement& at) : aead_call(m, text, at) {
    std::copy(tag.begin(), tag.end(), tag_.data());
  }

  sotto::kernels::aead_packet packet() {
    return {nonce_.data(),
            aad_.data(),
            aad_.size(),
            tail_.data(),
            tail_.size(),
            in_.data(),
            before_.at.in_place ? in_.data() : out_.data(),
            in_.size()};
  }
  std::uint8_t* tag() { return tag_.data(); }

  void check_sealed(const bytes& ciphertext, const bytes& tag, const char* kernel) const {
    require(wrote(ciphertext), "wrong ciphertext", kernel);
    require(tag_.holds(tag), "wrong tag", kernel);
    require(kept_the_rest(), "seal changed an input", kernel);
  }
  void check_opened(bool accepted, bool genuine, const bytes& tag, const char* kernel) const {
    require(accepted == genuine, genuine ? "refused a genuine message" : "accepted a forgery", kernel);
    if (genuine)
      require(wrote(before_.m.text), "wrong plaintext", kernel);
    else
      require(wrote_nothing(), "wrote before refusing", kernel);
    require(tag_.holds(tag) && kept_the_rest(), "open changed an input", kernel);
  }

 private:
  aead_call(const message& m, const bytes& text, const placement& at)
      : nonce_(m.nonce, at.nonce),
        aad_(slice(m.aad, 0, m.aad.size() - at.tail_len), at.aad),
        tail_(slice(m.aad, m.aad.size() - at.tail_len, at.tail_len), at.tail),
        in_(text, at.in),
        out_(at.in_place ? 0 : text.size(), at.out),
        tag_(aead_tag_len, at.tag),
        before_{m, text, at} {}

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

  buffer nonce_, aad_, tail_, in_, out_, tag_;
  struct {
    const message& m;
    const bytes& text;
    const placement& at;
  } before_;
};

/// Makes the text that has this text as its ciphertext: what the authenticator sees is the input's choice.
template <class Cipher>
void choose_ciphertext(message& m) {
  const bytes stream = aead_reference<Cipher>::seal({m.key, m.nonce, {}, bytes(m.text.size())});
  for (std::size_t i = 0; i < m.text.size(); ++i) m.text[i] ^= stream[i];
}

/// Seals and opens one message with every kernel, and with one wrong bit in each part of it.
template <class Cipher>
void aead_on_every_kernel(input& from, std::size_t key_len) {
  const std::size_t aad_len = from.length(aead_max_aad), text_len = from.length(aead_max_text);
  const placement at = choose_placement(from, aad_len);
  const std::uint16_t which_bit = from.u16();
  message m{from.fill(key_len), from.fill(sotto::kernels::aead_nonce_len), from.fill(aad_len), from.fill(text_len)};
  if (from.flag()) {
    put_edges(from, m.text);
    choose_ciphertext<Cipher>(m);
  }

  const bytes sealed = aead_reference<Cipher>::seal(m);
  const bytes ciphertext = slice(sealed, 0, text_len), tag = slice(sealed, text_len, aead_tag_len);
  message altered_nonce(m), altered_aad(m);
  bytes altered_text(ciphertext), altered_tag(tag);
  flip(altered_tag, which_bit);
  flip(altered_nonce.nonce, which_bit);
  if (aad_len != 0) flip(altered_aad.aad, which_bit);
  if (text_len != 0) flip(altered_text, which_bit);

  for_each_kernel(Cipher::candidates(), [&](const typename Cipher::kernel& kernel) {
    const auto key = Cipher::expand(kernel, m.key);
    aead_call c(m, at);
    kernel.seal(key, c.packet(), c.tag());
    c.check_sealed(ciphertext, tag, kernel.name);

    const auto open = [&](const message& given, const bytes& given_text, const bytes& given_tag, bool genuine) {
      aead_call o(given, given_text, given_tag, at);
      const bool accepted = kernel.open(key, o.packet(), o.tag());
      o.check_opened(accepted, genuine, given_tag, kernel.name);
    };
    open(m, ciphertext, tag, true);
    open(m, ciphertext, altered_tag, false);
    open(altered_nonce, ciphertext, tag, false);
    if (text_len != 0) open(m, altered_text, tag, false);
    if (aad_len != 0) open(altered_aad, ciphertext, tag, false);
  });
}

/// A façade call in an arena: key, nonce, and which pieces.
struct facade_call {
  region aad, text, out;
  bool genuine, opening;
  message secret;

  region written() const {
    return {out.from, opening ? text.len - std::min(text.len, aead_tag_len) : text.len + aead_tag_len};
  }
};

inline facade_call choose_facade_call(input& from, std::size_t arena_len, std::size_t key_len, std::size_t nonce_len) {
  facade_call c{};
  c.aad = choose_region(from, arena_len, {});
  c.text = choose_region(from, arena_len, c.aad);
  c.out = choose_region(from, arena_len, c.text);
  c.genuine = from.flag();
  c.opening = from.flag();
  choose_len(from, c.out, arena_len, c.written().len);
  c.secret = {from.fill(key_len), from.fill(nonce_len), {}, {}};
  return c;
}

/// What the façade must say to a call, and what it must write.
struct facade_answer {
  std::optional<sotto::error> refused;
  bytes text;
};

template <class Reference>
facade_answer answer_of(const facade_call& c, const buffer& arena) {
  const region written = c.written();
  if (c.opening && c.text.len < aead_tag_len) return {sotto::error::authentication_failed, {}};
  if (c.out.len < written.len) return {sotto::error::buffer_too_small, {}};
  if (!same_or_disjoint(c.text, written) || !disjoint(c.aad, written)) return {sotto::error::overlapping_buffers, {}};
  const region text{c.text.from, c.opening ? written.len : c.text.len};
  const message m{c.secret.key, c.secret.nonce, content(arena, c.aad), content(arena, text)};
  if (!c.opening) return {{}, Reference::seal(m)};
  auto opened = Reference::open(m, content(arena, {text.end(), aead_tag_len}));
  if (!opened) return {sotto::error::authentication_failed, {}};
  return {{}, std::move(*opened)};
}

/// Puts a sealed message where one is to be opened. Where the AAD overlaps, this changes it: a forgery after all.
template <class Reference>
void make_genuine(const facade_call& c, buffer& arena) {
  if (!c.opening || !c.genuine || c.text.len < aead_tag_len) return;
  const bytes made = Reference::seal(
      {c.secret.key, c.secret.nonce, content(arena, c.aad), content(arena, {c.text.from, c.written().len})});
  std::copy(made.begin(), made.end(), piece(arena, c.text).begin());
}

template <class Aead>
typename Aead::nonce nonce_of(const message& secret) {
  return typename Aead::nonce(std::span<const std::uint8_t, Aead::nonce_len>(secret.nonce.data(), Aead::nonce_len));
}

template <class Reference, class Aead>
void check_facade(const Aead& aead, const facade_call& c, buffer& arena) {
  make_genuine<Reference>(c, arena);
  const facade_answer answer = answer_of<Reference>(c, arena);
  const bytes before = content(arena);
  const auto nonce = nonce_of<Aead>(c.secret);
  const auto aad = piece(arena, c.aad), text = piece(arena, c.text), out = piece(arena, c.out);
  expect(c.opening ? "open" : "seal", c.opening ? aead.open(nonce, aad, text, out) : aead.seal(nonce, aad, text, out),
         answer.refused, answer.text, c.out, arena, before);
}

/// Lengths beyond the cipher's limit are refused before anything is read, so the memory needn't exist.
template <class Aead>
void check_too_long(const Aead& aead, const facade_call& c, buffer& arena) {
  if constexpr (sizeof(std::size_t) > 4) {
    const auto len = static_cast<std::size_t>(Aead::max_text_len + 1 + c.text.len);
    const bytes before = content(arena);
    const sotto::mutable_bytes imagined(arena.data(), len + aead_tag_len);
    const auto nonce = nonce_of<Aead>(c.secret);
    const auto refused = sotto::error::message_too_long;
    expect("seal of too much", aead.seal(nonce, {}, imagined.first(len), imagined), refused, {}, {}, arena, before);
    expect("open of too much", aead.open(nonce, {}, imagined, imagined), refused, {}, {}, arena, before);
  }
}

}  // namespace fuzz
