// SPDX-License-Identifier: BSL-1.0
// Runs one packet through an AEAD kernel with every argument between unreadable pages, and compares with the reference.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#include "fault_note.hpp"
#include "guard_pages.hpp"
#include "pattern.hpp"
#include "sotto/kernels/aead_packet.hpp"

namespace support {

using octets = std::vector<std::uint8_t>;

inline constexpr edge edges[] = {edge::start, edge::end};

/// One packet and what the reference makes of it.
struct aead_sample {
  octets key, nonce, aad, text, sealed, tag;
  std::size_t tail_len = 0;  // how many of the last bytes of aad go to aad_tail
};

/// A key and the kernel that reads it. Algorithm names the types `kernel` and `key`, `expand(kernel, key, bytes)`, the
/// list `candidates` and the kernel `reference`.
template <class Algorithm>
struct keyed {
  keyed(const typename Algorithm::kernel& k, const octets& secret) : kernel(&k) { Algorithm::expand(k, key, secret); }
  typename Algorithm::key key;
  const typename Algorithm::kernel* kernel;
};

/// A packet that looks random, sealed by the reference.
template <class Algorithm>
aead_sample make_sample(const octets& secret, std::size_t aad_len, std::size_t text_len) {
  const keyed<Algorithm> reference(Algorithm::reference, secret);
  pattern p(aad_len * 100003 + text_len);
  aead_sample s{secret, p.bytes(12), p.bytes(aad_len), p.bytes(text_len), octets(text_len), octets(16)};
  reference.kernel->seal(reference.key,
                         {s.nonce.data(), s.aad.data(), aad_len, nullptr, 0, s.text.data(), s.sealed.data(), text_len},
                         s.tag.data());
  return s;
}

/// Which bit of which part a forged packet has wrong.
struct forgery {
  std::size_t part = 0;  // 0 tag, 1 text, 2 aad, 3 nonce; parts of length 0 stand for the tag
  std::size_t bit = 0;   // modulo the part's length
};

template <class Algorithm>
class aead_rig {
 public:
  explicit aead_rig(std::size_t max_text, std::size_t max_aad) : aad_(max_aad), in_(max_text), out_(max_text) {}

  /// Null if the packet is sealed exactly as the reference does.
  const char* seal(const keyed<Algorithm>& k, const aead_sample& s, edge at, bool in_place) {
    lay_out(s, at, in_place, s.text);
    std::uint8_t* tag = tag_.place(at, 16);
    fault_.now(k.kernel->name, in_place ? "seal in place" : "seal", s.aad.size(), s.text.size());
    k.kernel->seal(k.key, packet_, tag);
    if (!same_bytes(packet_.out, s.sealed.data(), s.text.size())) return "seal: wrong ciphertext";
    if (!same_bytes(tag, s.tag.data(), 16)) return "seal: wrong tag";
    if (!tag_.intact_around(tag, 16)) return "seal: wrote beside the tag";
    return inputs_and_surroundings(s, s.text, in_place);
  }

  /// Null if the sealed packet opens.
  const char* open(const keyed<Algorithm>& k, const aead_sample& s, edge at, bool in_place) {
    lay_out(s, at, in_place, s.sealed);
    const std::uint8_t* tag = tag_.place(at, s.tag);
    fault_.now(k.kernel->name, in_place ? "open in place" : "open", s.aad.size(), s.text.size());
    if (!verify(k, tag)) return "open without out: refused";
    if (!same_bytes(packet_.in, s.sealed.data(), s.sealed.size())) return "open without out: changed its input";
    if (!k.kernel->open(k.key, packet_, tag)) return "open: refused";
    if (!same_bytes(packet_.out, s.text.data(), s.text.size())) return "open: wrong plaintext";
    if (!same_bytes(tag, s.tag.data(), 16)) return "open: changed the tag";
    return inputs_and_surroundings(s, s.sealed, in_place);
  }

  /// Null if the packet with one wrong bit is refused and the output untouched.
  const char* refuse(const keyed<Algorithm>& k, aead_sample& s, edge at, bool in_place, forgery f) {
    octets& part = choose_part(s, f.part);
    const std::size_t bit = f.bit % (8 * part.size());
    const auto flip = static_cast<std::uint8_t>(1u << bit % 8);
    part[bit / 8] ^= flip;
    const char* wrong = refuse_as_it_is(k, s, at, in_place);
    part[bit / 8] ^= flip;
    return wrong;
  }

 private:
  static octets& choose_part(aead_sample& s, std::size_t part) {
    if (part % 4 == 1 && !s.sealed.empty()) return s.sealed;
    if (part % 4 == 2 && !s.aad.empty()) return s.aad;
    if (part % 4 == 3) return s.nonce;
    return s.tag;
  }

  const char* refuse_as_it_is(const keyed<Algorithm>& k, const aead_sample& s, edge at, bool in_place) {
    lay_out(s, at, in_place, s.sealed);
    const std::uint8_t* tag = tag_.place(at, s.tag);
    fault_.now(k.kernel->name, in_place ? "open in place" : "open", s.aad.size(), s.text.size());
    if (verify(k, tag)) return "open without out: accepted a forgery";
    if (k.kernel->open(k.key, packet_, tag)) return "open: accepted a forgery";
    const bool untouched = in_place ? same_bytes(packet_.out, s.sealed.data(), s.sealed.size())
                                    : guard_pages::is_canary(packet_.out, packet_.text_len);
    if (!untouched) return "open: wrote to out before refusing";
    return inputs_and_surroundings(s, s.sealed, in_place);
  }

  /// The verdict alone.
  bool verify(const keyed<Algorithm>& k, const std::uint8_t* tag) const {
    auto packet = packet_;
    packet.out = nullptr;
    return k.kernel->open(k.key, packet, tag);
  }

  /// Each argument touches an unreadable page at the given edge.
  void lay_out(const aead_sample& s, edge at, bool in_place, const octets& input) {
    const std::size_t head_len = s.aad.size() - s.tail_len;
    packet_.nonce = nonce_.place(at, s.nonce);
    packet_.aad = aad_.place(at, {s.aad.data(), head_len});
    packet_.aad_len = head_len;
    packet_.aad_tail = tail_.place(at, {s.aad.data() + head_len, s.tail_len});
    packet_.aad_tail_len = s.tail_len;
    packet_.in = in_.place(at, input);
    packet_.out = in_place ? const_cast<std::uint8_t*>(packet_.in) : out_.place(at, input.size());
    packet_.text_len = input.size();
  }

  const char* inputs_and_surroundings(const aead_sample& s, const octets& input, bool in_place) const {
    if (!(in_place ? in_ : out_).intact_around(packet_.out, packet_.text_len)) return "wrote outside of out";
    if (!in_place && !same_bytes(packet_.in, input.data(), input.size())) return "changed its input";
    if (!same_bytes(packet_.nonce, s.nonce.data(), 12)) return "changed the nonce";
    if (!same_bytes(packet_.aad, s.aad.data(), packet_.aad_len)) return "changed the AAD";
    return nullptr;
  }

  guard_pages nonce_{12}, tag_{16}, tail_{16}, aad_, in_, out_;
  sotto::kernels::aead_packet packet_{};
  fault_note fault_;
};

}  // namespace support
