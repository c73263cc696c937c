// SPDX-License-Identifier: BSL-1.0
// AES-CM with HMAC-SHA1: every kernel of the machine against the portable one and OpenSSL.
#include <cstddef>
#include <cstdint>

#include "sotto/kernels/aes_cm_hmac_sha1/select.hpp"
#include "support/buffer.hpp"
#include "support/check.hpp"
#include "support/input.hpp"
#include "support/kernels.hpp"
#include "support/openssl.hpp"

namespace {

namespace stitched = sotto::kernels::aes_cm_hmac_sha1;
using fuzz::append;
using fuzz::buffer;
using fuzz::bytes;
using fuzz::flip;
using fuzz::input;
using fuzz::require;

constexpr std::size_t max_text = 4096, max_header = 400, iv_len = 16, suffix_len = 4, digest_len = 20;

struct message {
  bytes cipher_key, auth_key, iv, suffix, header, text;
};

struct sealed_message {
  bytes text, digest;
};

/// The portable kernel's answer, which OpenSSL must confirm.
sealed_message reference_seal(const message& m) {
  stitched::key key;
  fuzz::reference_kernel(stitched::candidates())
      .expand(key, m.cipher_key.data(), m.cipher_key.size(), m.auth_key.data(), m.auth_key.size());
  bytes packet(m.header);
  packet.resize(m.header.size() + m.text.size() + digest_len);
  std::uint8_t* const out = packet.data() + m.header.size();
  fuzz::reference_kernel(stitched::candidates())
      .seal(key, {m.iv.data(), m.suffix.data(), m.text.data(), out, m.header.size(), m.text.size()},
            out + m.text.size(), digest_len);
  const sealed_message sealed{bytes(out, out + m.text.size()),
                              bytes(out + m.text.size(), out + m.text.size() + digest_len)};
#if defined(SOTTO_PEER_OPENSSL)
  require(sealed.text == fuzz::openssl::ctr(m.cipher_key, m.iv, m.text), "AES-CM: OpenSSL disagrees");
  bytes authenticated(m.header);
  append(authenticated, sealed.text);
  append(authenticated, m.suffix);
  require(sealed.digest == fuzz::openssl::hmac(EVP_sha1(), m.auth_key, authenticated), "HMAC-SHA1: OpenSSL disagrees");
#endif
  return sealed;
}

/// Where the pieces of a packet lie, and how much of the digest is its tag.
struct placement {
  bool in_place, tag_behind_text;
  std::size_t tag_len, packet, plain, iv, suffix, tag;
};

/// header ‖ text ‖ tag on the protected side, the text alone on the other, or the tag somewhere else.
class call {
 public:
  call(const message& m, const bytes& protected_text, const bytes& tag, const bytes& other_text, const placement& at)
      : header_len_(m.header.size()),
        text_len_(m.text.size()),
        at_(at),
        packet_(laid_out(m.header, protected_text, tag, at), at.packet),
        other_(other_text, at.plain),
        iv_(m.iv, at.iv),
        suffix_(m.suffix, at.suffix),
        tag_(at.tag_behind_text ? bytes() : tag, at.tag) {}

  stitched::packet sealing() {
    return {iv_.data(), suffix_.data(), at_.in_place ? text() : other_.data(), text(), header_len_, text_len_};
  }
  stitched::packet opening() {
    return {iv_.data(), suffix_.data(), text(), at_.in_place ? text() : other_.data(), header_len_, text_len_};
  }
  std::uint8_t* tag() { return at_.tag_behind_text ? text() + text_len_ : tag_.data(); }

  bool holds(const message& m, const bytes& protected_text, const bytes& tag, const bytes& other_text) const {
    return packet_.holds(laid_out(m.header, protected_text, tag, at_)) && other_.holds(other_text) &&
           (at_.tag_behind_text || tag_.holds(tag)) && iv_.holds(m.iv) && suffix_.holds(m.suffix);
  }

 private:
  static bytes laid_out(const bytes& header, const bytes& text, const bytes& tag, const placement& at) {
    bytes b(header);
    append(b, text);
    if (at.tag_behind_text) append(b, tag);
    return b;
  }
  std::uint8_t* text() { return packet_.data() + header_len_; }

  std::size_t header_len_, text_len_;
  placement at_;
  buffer packet_, other_, iv_, suffix_, tag_;
};

void check_seal(const stitched::kernel& kernel, const stitched::key& key, const message& m,
                const sealed_message& sealed, const bytes& tag, const placement& at) {
  const bytes empty_tag(at.tag_len, buffer::canary), no_text(m.text.size(), buffer::canary);
  call c(m, at.in_place ? m.text : no_text, empty_tag, m.text, at);
  kernel.seal(key, c.sealing(), c.tag(), at.tag_len);
  require(c.holds(m, sealed.text, tag, m.text), "AES-CM: sealed wrongly", kernel.name);
}

void check_open(const stitched::kernel& kernel, const stitched::key& key, const message& m, const bytes& text,
                const bytes& tag, const placement& at, bool genuine) {
  const bytes no_text(m.text.size(), buffer::canary);
  call c(m, text, tag, no_text, at);
  const bool accepted = kernel.open(key, c.opening(), c.tag(), at.tag_len);
  require(accepted == genuine, genuine ? "AES-CM: refused a genuine packet" : "AES-CM: accepted a forgery",
          kernel.name);
  if (genuine)
    require(at.in_place ? c.holds(m, m.text, tag, no_text) : c.holds(m, text, tag, m.text), "AES-CM: opened wrongly",
            kernel.name);
  else
    require(c.holds(m, text, tag, no_text), "AES-CM: wrote before refusing", kernel.name);
}

void packets(input& from) {
  const std::size_t key_len = 16 + 8 * from.below(3), auth_len = from.flag() ? 20 : from.below(65);
  const std::size_t header_len = from.length(max_header), text_len = from.length(max_text);
  placement at{};
  at.in_place = from.flag();
  at.tag_behind_text = from.flag();
  at.tag_len = 1 + from.below(digest_len);
  for (std::size_t* offset : {&at.packet, &at.plain, &at.iv, &at.suffix, &at.tag}) *offset = from.u8();
  const std::uint16_t which_bit = from.u16();
  message m{from.fill(key_len),    from.fill(auth_len),   from.fill(iv_len),
            from.fill(suffix_len), from.fill(header_len), from.fill(text_len)};
  m.iv[14] = m.iv[15] = 0;

  const sealed_message sealed = reference_seal(m);
  const bytes tag = fuzz::slice(sealed.digest, 0, at.tag_len);
  bytes altered_tag(tag), altered_text(sealed.text);
  message altered_suffix(m), altered_header(m);
  flip(altered_tag, which_bit);
  flip(altered_suffix.suffix, which_bit);
  if (text_len != 0) flip(altered_text, which_bit);
  if (header_len != 0) flip(altered_header.header, which_bit);
  // Shorter tags than SRTP's match by chance.
  const bool long_tag = at.tag_len >= 4;

  fuzz::for_each_kernel(stitched::candidates(), [&](const stitched::kernel& kernel) {
    stitched::key key;
    kernel.expand(key, m.cipher_key.data(), key_len, m.auth_key.data(), auth_len);
    check_seal(kernel, key, m, sealed, tag, at);
    check_open(kernel, key, m, sealed.text, tag, at, true);
    check_open(kernel, key, m, sealed.text, altered_tag, at, false);
    if (!long_tag) return;
    check_open(kernel, key, altered_suffix, sealed.text, tag, at, false);
    if (text_len != 0) check_open(kernel, key, m, altered_text, tag, at, false);
    if (header_len != 0) check_open(kernel, key, altered_header, sealed.text, tag, at, false);
  });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t len) {
  input from(data, len);
  packets(from);
  return 0;
}
