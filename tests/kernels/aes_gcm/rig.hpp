// SPDX-License-Identifier: BSL-1.0
// Runs one AES-GCM packet through a kernel with every argument between unreadable pages, and compares with the
// reference.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "sotto/kernels/aes_gcm/select.hpp"
#include "support/fault_note.hpp"
#include "support/guard_pages.hpp"
#include "support/pattern.hpp"

namespace gcm_test {

namespace gcm = sotto::kernels::aes_gcm;
namespace kernels = sotto::kernels;
using bytes = std::vector<std::uint8_t>;
using support::edge;

inline constexpr edge edges[] = {edge::start, edge::end};

/// One packet and what the reference makes of it.
struct sample {
  bytes key, nonce, aad, text, sealed, tag;
  std::size_t tail_len = 0;  // how many of the last bytes of aad go to aad_tail
};

/// An expanded key and the kernel it belongs to.
struct keyed {
  keyed(const gcm::kernel& k, const bytes& secret) : kernel(&k) { k.expand(key, secret.data(), secret.size()); }
  gcm::key key;
  const gcm::kernel* kernel;
};

inline sample make_sample(const keyed& reference, const bytes& secret, std::size_t aad_len, std::size_t text_len) {
  support::pattern p(aad_len * 100003 + text_len);
  sample s{secret, p.bytes(12), p.bytes(aad_len), p.bytes(text_len), bytes(text_len), bytes(16)};
  gcm::portable::table.seal(
      reference.key, {s.nonce.data(), s.aad.data(), aad_len, nullptr, 0, s.text.data(), s.sealed.data(), text_len},
      s.tag.data());
  return s;
}

/// Which bit of which part a forged packet has wrong.
struct forgery {
  std::size_t part = 0;  // 0 tag, 1 text, 2 aad, 3 nonce; parts of length 0 stand for the tag
  std::size_t bit = 0;   // modulo the part's length
};

class rig {
 public:
  explicit rig(std::size_t max_text, std::size_t max_aad) : aad_(max_aad), in_(max_text), out_(max_text) {}

  /// Null if the packet is sealed exactly as the reference does.
  const char* seal(const keyed& k, const sample& s, edge at, bool in_place) {
    lay_out(s, at, in_place, s.text);
    std::uint8_t* tag = tag_.place(at, 16);
    fault_.now(k.kernel->name, in_place ? "seal in place" : "seal", s.aad.size(), s.text.size());
    k.kernel->seal(k.key, packet_, tag);
    if (!support::same_bytes(packet_.out, s.sealed.data(), s.text.size())) return "seal: wrong ciphertext";
    if (!support::same_bytes(tag, s.tag.data(), 16)) return "seal: wrong tag";
    if (!tag_.intact_around(tag, 16)) return "seal: wrote beside the tag";
    return inputs_and_surroundings(s, s.text, in_place);
  }

  /// Null if the sealed packet opens.
  const char* open(const keyed& k, const sample& s, edge at, bool in_place) {
    lay_out(s, at, in_place, s.sealed);
    const std::uint8_t* tag = tag_.place(at, s.tag);
    fault_.now(k.kernel->name, in_place ? "open in place" : "open", s.aad.size(), s.text.size());
    if (!k.kernel->open(k.key, packet_, tag)) return "open: refused";
    if (!support::same_bytes(packet_.out, s.text.data(), s.text.size())) return "open: wrong plaintext";
    if (!support::same_bytes(tag, s.tag.data(), 16)) return "open: changed the tag";
    return inputs_and_surroundings(s, s.sealed, in_place);
  }

  /// Null if the packet with one wrong bit is refused and the output untouched.
  const char* refuse(const keyed& k, sample& s, edge at, bool in_place, forgery f) {
    bytes& part = choose_part(s, f.part);
    const std::size_t bit = f.bit % (8 * part.size());
    const auto flip = static_cast<std::uint8_t>(1u << bit % 8);
    part[bit / 8] ^= flip;
    const char* wrong = refuse_as_it_is(k, s, at, in_place);
    part[bit / 8] ^= flip;
    return wrong;
  }

 private:
  static bytes& choose_part(sample& s, std::size_t part) {
    if (part % 4 == 1 && !s.sealed.empty()) return s.sealed;
    if (part % 4 == 2 && !s.aad.empty()) return s.aad;
    if (part % 4 == 3) return s.nonce;
    return s.tag;
  }

  const char* refuse_as_it_is(const keyed& k, const sample& s, edge at, bool in_place) {
    lay_out(s, at, in_place, s.sealed);
    const std::uint8_t* tag = tag_.place(at, s.tag);
    fault_.now(k.kernel->name, in_place ? "open in place" : "open", s.aad.size(), s.text.size());
    if (k.kernel->open(k.key, packet_, tag)) return "open: accepted a forgery";
    const bool untouched = in_place ? support::same_bytes(packet_.out, s.sealed.data(), s.sealed.size())
                                    : support::guard_pages::is_canary(packet_.out, packet_.text_len);
    if (!untouched) return "open: wrote to out before refusing";
    return inputs_and_surroundings(s, s.sealed, in_place);
  }

  /// Each argument touches an unreadable page at the given edge.
  void lay_out(const sample& s, edge at, bool in_place, const bytes& input) {
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

  const char* inputs_and_surroundings(const sample& s, const bytes& input, bool in_place) const {
    if (!(in_place ? in_ : out_).intact_around(packet_.out, packet_.text_len)) return "wrote outside of out";
    if (!in_place && !support::same_bytes(packet_.in, input.data(), input.size())) return "changed its input";
    if (!support::same_bytes(packet_.nonce, s.nonce.data(), 12)) return "changed the nonce";
    if (!support::same_bytes(packet_.aad, s.aad.data(), packet_.aad_len)) return "changed the AAD";
    return nullptr;
  }

  support::guard_pages nonce_{12}, tag_{16}, tail_{16}, aad_, in_, out_;
  kernels::aead_packet packet_{};
  support::fault_note fault_;
};

}  // namespace gcm_test
