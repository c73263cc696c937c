// SPDX-License-Identifier: BSL-1.0
// Runs one AES-CM + HMAC-SHA1 packet through a kernel between unreadable pages, and compares with the reference.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#include "sotto/kernels/aes_cm_hmac_sha1/select.hpp"
#include "support/runnable.hpp"
#include "support/fault_note.hpp"
#include "support/guard_pages.hpp"
#include "support/pattern.hpp"

namespace stitched_test {

namespace stitched = sotto::kernels::aes_cm_hmac_sha1;
using bytes = std::vector<std::uint8_t>;
using support::edge;

inline constexpr edge edges[] = {edge::start, edge::end};
inline constexpr std::size_t digest_len = 20;

struct secrets {
  bytes cipher, auth;
};

inline secrets make_secrets(std::size_t cipher_len, std::size_t auth_len) {
  return {support::pattern_bytes(cipher_len, cipher_len), support::pattern_bytes(auth_len + 1000, auth_len)};
}

/// An expanded key and the kernel it belongs to.
struct keyed {
  keyed(const stitched::kernel& k, const secrets& s) : kernel(&k) {
    k.expand(key, s.cipher.data(), s.cipher.size(), s.auth.data(), s.auth.size());
  }
  stitched::key key;
  const stitched::kernel* kernel;
};

/// One packet and what the reference makes of it.
struct sample {
  bytes iv, suffix, header, text;
  bytes sealed;  // text and whole digest behind it
};

inline sample make_sample(const keyed& reference, std::size_t header_len, std::size_t text_len) {
  support::pattern p(header_len * 2000003 + text_len);
  sample s{p.bytes(16), p.bytes(4), p.bytes(header_len), p.bytes(text_len), {}};
  s.iv[14] = s.iv[15] = 0;
  bytes packet(s.header);
  packet.resize(header_len + text_len + digest_len);
  std::uint8_t* out = packet.data() + header_len;
  support::reference(stitched::candidates())
      .seal(reference.key, {s.iv.data(), s.suffix.data(), s.text.data(), out, header_len, text_len}, out + text_len,
            digest_len);
  s.sealed.assign(packet.begin() + static_cast<std::ptrdiff_t>(header_len), packet.end());
  return s;
}

class rig {
 public:
  rig(std::size_t max_header, std::size_t max_text)
      : protected_(max_header + max_text + digest_len), plain_(max_text) {}

  /// Null if the packet is sealed as the reference does, with the tag directly behind the text.
  const char* seal(const keyed& k, const sample& s, edge at, bool in_place, std::size_t tag_len) {
    const std::size_t header_len = s.header.size(), len = s.text.size(), total = header_len + len + tag_len;
    place_small(s, at);
    std::uint8_t* packet = protected_.place(at, total);
    copy(packet, s.header, header_len);
    std::uint8_t* out = packet + header_len;
    if (in_place) copy(out, s.text, len);
    const std::uint8_t* in = in_place ? out : plain_.place(at, s.text);
    fault_.now(k.kernel->name, in_place ? "seal in place" : "seal", header_len, len);
    k.kernel->seal(k.key, {iv_at_, suffix_at_, in, out, header_len, len}, out + len, tag_len);
    if (!same(out, s.sealed, len)) return "seal: wrong ciphertext";
    if (std::memcmp(out + len, s.sealed.data() + len, tag_len) != 0) return "seal: wrong tag";
    if (!same(packet, s.header, header_len)) return "seal: changed the header";
    if (!in_place && !same(in, s.text, len)) return "seal: changed its input";
    return protected_.intact_around(packet, total) ? small_unchanged(s) : "seal: wrote outside";
  }

  /// Null if the sealed packet opens.
  const char* open(const keyed& k, const sample& s, edge at, bool in_place, std::size_t tag_len) {
    const opened o = run_open(k, s, at, in_place, tag_len);
    const std::size_t len = s.text.size();
    if (!o.accepted) return "open: refused";
    if (!same(o.out, s.text, len)) return "open: wrong plaintext";
    if (!in_place && !same(o.in, s.sealed, len)) return "open: changed its input";
    if (!same(o.packet, s.header, s.header.size())) return "open: changed the header";
    if (std::memcmp(o.in + len, s.sealed.data() + len, tag_len) != 0) return "open: changed the tag";
    return surroundings(o, s, in_place, tag_len);
  }

  /// Null if the packet with one wrong bit (modulo its authenticated length) is refused and nothing written.
  const char* refuse(const keyed& k, sample& s, edge at, bool in_place, std::size_t tag_len, std::size_t bit) {
    std::uint8_t& wrong_byte = authenticated_byte(s, tag_len, bit / 8);
    const auto flip = static_cast<std::uint8_t>(1u << bit % 8);
    wrong_byte ^= flip;
    const char* wrong = refuse_as_it_is(k, s, at, in_place, tag_len);
    wrong_byte ^= flip;
    return wrong;
  }

  /// How many bytes refuse() can alter: header, text, tag and suffix.
  static std::size_t authenticated_len(const sample& s, std::size_t tag_len) {
    return s.header.size() + s.text.size() + tag_len + 4;
  }

 private:
  struct opened {
    bool accepted;
    const std::uint8_t *packet, *in, *out;
  };

  static void copy(std::uint8_t* to, const bytes& from, std::size_t len) {
    if (len != 0) std::memcpy(to, from.data(), len);
  }
  static bool same(const std::uint8_t* p, const bytes& expected, std::size_t len) {
    return len == 0 || std::memcmp(p, expected.data(), len) == 0;
  }

  static std::uint8_t& authenticated_byte(sample& s, std::size_t tag_len, std::size_t i) {
    i %= authenticated_len(s, tag_len);
    if (i < 4) return s.suffix[i];
    i -= 4;
    if (i < s.header.size()) return s.header[i];
    return s.sealed[i - s.header.size()];
  }

  void place_small(const sample& s, edge at) {
    iv_at_ = iv_.place(at, s.iv);
    suffix_at_ = suffix_.place(at, s.suffix);
  }
  const char* small_unchanged(const sample& s) const {
    return same(iv_at_, s.iv, 16) && same(suffix_at_, s.suffix, 4) ? nullptr : "changed the IV or the suffix";
  }

  opened run_open(const keyed& k, const sample& s, edge at, bool in_place, std::size_t tag_len) {
    const std::size_t header_len = s.header.size(), len = s.text.size();
    place_small(s, at);
    std::uint8_t* packet = protected_.place(at, header_len + len + tag_len);
    std::uint8_t* in = packet + header_len;
    copy(packet, s.header, header_len);
    copy(in, s.sealed, len + tag_len);
    std::uint8_t* out = in_place ? in : plain_.place(at, len);
    fault_.now(k.kernel->name, in_place ? "open in place" : "open", header_len, len);
    const bool accepted = k.kernel->open(k.key, {iv_at_, suffix_at_, in, out, header_len, len}, in + len, tag_len);
    return {accepted, packet, in, out};
  }

  const char* refuse_as_it_is(const keyed& k, const sample& s, edge at, bool in_place, std::size_t tag_len) {
    const opened o = run_open(k, s, at, in_place, tag_len);
    if (o.accepted) return "open: accepted a forgery";
    if (!same(o.in, s.sealed, s.text.size() + tag_len)) return "open: changed a refused packet";
    if (!in_place && !support::guard_pages::is_canary(o.out, s.text.size())) return "open: wrote before refusing";
    return surroundings(o, s, in_place, tag_len);
  }

  const char* surroundings(const opened& o, const sample& s, bool in_place, std::size_t tag_len) const {
    if (!protected_.intact_around(o.packet, s.header.size() + s.text.size() + tag_len)) return "open: wrote outside";
    if (!in_place && !plain_.intact_around(o.out, s.text.size())) return "open: wrote outside of out";
    return small_unchanged(s);
  }

  support::guard_pages protected_, plain_, iv_{16}, suffix_{4};
  support::fault_note fault_;
  const std::uint8_t *iv_at_ = nullptr, *suffix_at_ = nullptr;
};

}  // namespace stitched_test
