// SPDX-License-Identifier: BSL-1.0
// SRTP with everything that isn't the plain path: Cryptex, encrypted header extensions, carried ROCs, key derivation
// rates, clear payloads, verification without decryption. One sender, and three receivers that must agree: one opens in
// place, one apart, one only verifies.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "sotto/srtp.hpp"
#include "support/buffer.hpp"
#include "support/check.hpp"
#include "support/input.hpp"
#include "support/kernels.hpp"

namespace {

namespace srtp = sotto::srtp;
using fuzz::append;
using fuzz::bytes;
using fuzz::input;
using fuzz::require;
using sotto::error;

srtp::protection_options choose_options(input& from) {
  srtp::protection_options o;
  const unsigned choice = from.u8();
  o.cryptex = static_cast<srtp::cryptex>(choice % 3);
  o.encrypt_rtp = choice / 4 % 8 != 0;
  if (choice / 32 % 2 != 0)
    for (int i = 0; i < 4; ++i) o.encrypted_extensions.add(static_cast<std::uint8_t>(from.u8() % 20));
  if (choice / 64 % 2 != 0) o.key_derivation_rate = std::uint32_t{1} << from.below(25);
  o.roc_carriage.mode = static_cast<srtp::roc_carriage_mode>(from.below(4));
  o.roc_carriage.rate = static_cast<std::uint16_t>(from.below(5));
  o.roc_carriage.accept_unauthenticated_packets = from.flag();
  return o;
}

/// An extension whose elements mostly make sense (RFC 8285).
void append_extension(bytes& p, input& from) {
  const bool two_byte = from.flag(), sense = from.below(4) != 0;
  bytes data;
  for (std::size_t n = from.below(5); n != 0; --n) {
    const unsigned id = 1 + from.u8() % 14;
    const std::size_t len = from.below(16);
    data.push_back(static_cast<std::uint8_t>(two_byte ? id : id << 4 | len));
    if (two_byte) data.push_back(static_cast<std::uint8_t>(len));
    append(data, sense ? from.fill(two_byte ? len : len + 1) : from.take(len));
  }
  data.resize((data.size() + 3) / 4 * 4);
  const std::size_t words = data.size() / 4;
  append(p, {static_cast<std::uint8_t>(two_byte ? 0x10 : 0xbe), static_cast<std::uint8_t>(two_byte ? 0 : 0xde),
             static_cast<std::uint8_t>(words >> 8), static_cast<std::uint8_t>(words)});
  append(p, data);
}

bytes make_rtp(input& from, std::uint16_t seq) {
  const unsigned shape = from.u8();
  const std::size_t csrcs = shape % 4 == 0 ? 0 : shape / 16;
  const bool extended = shape % 4 > 1;
  bytes p{static_cast<std::uint8_t>(0x80 | (extended ? 0x10u : 0u) | csrcs), from.u8(),
          static_cast<std::uint8_t>(seq >> 8), static_cast<std::uint8_t>(seq)};
  append(p, from.fill(8 + 4 * csrcs));
  if (extended) append_extension(p, from);
  append(p, from.fill(from.u8()));
  return p;
}

/// RFC 9335 5.1: a packet with CSRCs and no extension comes out with an empty one.
bytes with_empty_extension(bytes plain) {
  const std::size_t at = 12 + std::size_t{4} * (plain[0] & 0x0fu);
  plain[0] |= 0x10;
  const bytes empty{0xbe, 0xde, 0, 0};
  plain.insert(plain.begin() + static_cast<std::ptrdiff_t>(at), empty.begin(), empty.end());
  return plain;
}

class conversation {
 public:
  conversation(input& from, const srtp::raw_keying& key, const srtp::protection_options& o, srtp::sender&& tx)
      : from_(from), options_(o), tx_(std::move(tx)), unprotected_(make(key)), apart_(make(key)), verified_(make(key)) {
    unauthenticated_ = o.roc_carriage.mode == srtp::roc_carriage_mode::mode_1 ||
                       o.roc_carriage.mode == srtp::roc_carriage_mode::mode_3;
  }

  void run() {
    std::uint16_t seq = from_.u16();
    for (int n = 0; n < 40 && from_.left() != 0; ++n) {
      const bytes plain = make_rtp(from_, seq);
      seq = static_cast<std::uint16_t>(seq + (from_.below(8) == 0 ? from_.u8() : 1));
      const std::optional<bytes> wire = protect(plain);
      if (!wire) continue;
      const unsigned fate = from_.u8() % 8;
      if (fate == 0) continue;  // lost
      if (fate == 1) deliver(altered(*wire), nullptr);
      if (fate == 2) deliver(from_.take(from_.u8()), nullptr);
      deliver(*wire, &plain);
      if (fate == 3) deliver(*wire, nullptr);
    }
  }

 private:
  srtp::receiver make(const srtp::raw_keying& key) const {
    auto rx = srtp::receiver::create(key, {.protection = options_});
    require(rx.has_value(), "the receiver refuses the sender's options");
    return std::move(*rx);
  }

  std::optional<bytes> protect(const bytes& plain) {
    fuzz::buffer out(plain.size() + tx_.rtp_overhead());
    const fuzz::buffer in(plain, 0);
    const auto wire = tx_.protect(in.span(), out.span());
    if (!wire) {
      require(out.untouched(), "a refused packet was written");
      return std::nullopt;
    }
    require(wire->data() == out.data() && wire->size() <= out.size(), "protect: wrong span");
    return bytes(wire->begin(), wire->end());
  }

  bytes altered(bytes wire) {
    if (from_.flag()) {
      wire.resize(from_.below(wire.size() + 1));
    } else {
      wire[from_.u16() % wire.size()] ^= static_cast<std::uint8_t>(1u << from_.below(8));
    }
    return wire;
  }

  /// The three receivers agree; an authentic packet comes out as it went in.
  void deliver(const bytes& wire, const bytes* plain) {
    fuzz::buffer in_place(wire, 3), input(wire, 0), output(wire.size()), kept(wire, 5);
    const auto first = unprotected_.unprotect(in_place.span());
    const auto second = apart_.unprotect(input.span(), output.span());
    const auto third = verified_.verify(kept.span());
    require(kept.holds(wire) && input.holds(wire), "verified or read, and changed");
    require(first.has_value() == second.has_value(), "in place and apart differ");
    require(first || first.error() == second.error(), "in place and apart have different errors");
    // What has no MAC moves the two that don't insist on one.
    if (!unauthenticated_) {
      require(first.has_value() == third.has_value(), "verified and unprotected differ");
      require(first || first.error() == third.error(), "verified and unprotected have different errors");
    }
    if (!first) {
      require(in_place.holds(wire), "a refused packet was changed");
      require(plain == nullptr || unauthenticated_ || first.error() != error::authentication_failed,
              "a genuine packet was refused");
      return;
    }
    const bytes rtp(first->begin(), first->end());
    require(rtp == bytes(second->begin(), second->end()), "in place and apart open differently");
    if (plain != nullptr && !unauthenticated_)
      require(rtp == *plain || rtp == with_empty_extension(*plain), "what came out isn't what went in");
  }

  input& from_;
  srtp::protection_options options_;
  srtp::sender tx_;
  srtp::receiver unprotected_, apart_, verified_;
  bool unauthenticated_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t len) {
  input from(data, len), contents(nullptr, 0);
  const srtp::profile profile = srtp::profiles[from.below(std::size(srtp::profiles))];
  const auto sizes = srtp::parameters(profile);
  const bytes key = contents.fill(sizes.key_len), salt = contents.fill(sizes.salt_len);
  const bytes mki = contents.fill(from.below(3) == 0 ? from.below(srtp::max_mki_len + 1) : 0);
  const srtp::raw_keying raw{profile, key, salt, mki};
  const srtp::protection_options options = choose_options(from);
  const fuzz::hidden_features mask(from.flag() ? 0 : from.u32());
  auto tx = srtp::sender::create(raw, {.protection = options});
  require(tx.has_value() == srtp::check(options, profile).has_value(), "options judged in two ways");
  if (tx) conversation(from, raw, options, std::move(*tx)).run();
  return 0;
}
