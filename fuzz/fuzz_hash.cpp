// SPDX-License-Identifier: BSL-1.0
// SHA-1, SHA-256 and SHA-512, HMAC and HKDF over each: every kernel of the machine against the reference and OpenSSL,
// messages in pieces.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "sotto/crypto.hpp"
#include "support/arena.hpp"
#include "support/buffer.hpp"
#include "support/check.hpp"
#include "support/input.hpp"
#include "support/kernels.hpp"
#include "support/openssl.hpp"

namespace {

namespace crypto = sotto::crypto;
namespace kernels = sotto::kernels;
using fuzz::append;
using fuzz::buffer;
using fuzz::bytes;
using fuzz::input;
using fuzz::require;
using sotto::error;

constexpr std::size_t max_message = 4096, max_key = 300;

/// A hash and what it is compared with.
template <class Hash, auto Candidates>
struct algorithm : Hash {
  using hash = Hash;
  static auto candidates() { return Candidates(); }
#if defined(SOTTO_PEER_OPENSSL)
  static const EVP_MD* openssl() {
    return Hash::digest_len == 20 ? EVP_sha1() : Hash::digest_len == 32 ? EVP_sha256() : EVP_sha512();
  }
#endif
};
using sha1 = algorithm<crypto::sha1, &kernels::sha1::candidates>;
using sha256 = algorithm<crypto::sha256, &kernels::sha256::candidates>;
using sha512 = algorithm<crypto::sha512, &kernels::sha512::candidates>;

template <class Algorithm>
std::span<std::uint8_t, Algorithm::digest_len> digest_of(buffer& b) {
  return std::span<std::uint8_t, Algorithm::digest_len>(b.data(), Algorithm::digest_len);
}

/// A message in up to 256 pieces, into anything with update(); each piece in memory of its own.
template <class Context>
void update_in_pieces(Context& context, const bytes& message, input cuts) {
  std::size_t done = 0;
  while (done < message.size()) {
    const std::size_t left = message.size() - done;
    const std::size_t now = cuts.left() == 0 ? left : std::min<std::size_t>(left, cuts.u8());
    const buffer piece(fuzz::slice(message, done, now), now);
    context.update(piece.span());
    done += now;
  }
}

template <class Algorithm>
bytes reference_digest(const bytes& message) {
  bytes out(Algorithm::digest_len);
  typename Algorithm::hash hash(fuzz::reference_kernel(Algorithm::candidates()));
  hash.update(message);
  hash.finish(std::span<std::uint8_t, Algorithm::digest_len>(out.data(), out.size()));
#if defined(SOTTO_PEER_OPENSSL)
  require(out == fuzz::openssl::digest(Algorithm::openssl(), message), "hash: OpenSSL disagrees");
#endif
  return out;
}
/// HMAC by its formula (RFC 2104 section 2), over the hash of whole strings.
template <class Algorithm>
bytes reference_hmac(const bytes& key, const bytes& message) {
  bytes inner(key.size() > Algorithm::block_len ? reference_digest<Algorithm>(key) : key);
  inner.resize(Algorithm::block_len);
  bytes outer(inner);
  for (auto& b : inner) b ^= 0x36;
  for (auto& b : outer) b ^= 0x5c;
  append(inner, message);
  append(outer, reference_digest<Algorithm>(inner));
  const bytes tag = reference_digest<Algorithm>(outer);
#if defined(SOTTO_PEER_OPENSSL)
  require(tag == fuzz::openssl::hmac(Algorithm::openssl(), key, message), "HMAC: OpenSSL disagrees");
#endif
  return tag;
}

template <class Algorithm>
void hash_and_hmac(input& from) {
  constexpr std::size_t digest_len = Algorithm::digest_len;
  const std::size_t key_len = from.length(max_key), message_len = from.length(max_message);
  const std::size_t tag_len = from.below(4) == 0 ? from.below(digest_len + 4) : digest_len;
  const bool altered = from.flag();
  const std::uint16_t which_bit = from.u16();
  const bytes key = from.fill(key_len), cut_bytes = from.take(from.below(8)), message = from.fill(message_len);
  const input cuts(cut_bytes.data(), cut_bytes.size());

  const bytes digest = reference_digest<Algorithm>(message), mac = reference_hmac<Algorithm>(key, message);
  bytes tag(mac);
  tag.resize(tag_len);
  const bool wrong_tag = altered && tag_len != 0;
  if (wrong_tag) fuzz::flip(tag, which_bit);
  const bool valid = !wrong_tag && tag_len >= digest_len / 2 && tag_len <= digest_len;

  fuzz::for_each_kernel(Algorithm::candidates(), [&](const typename Algorithm::kernel& kernel) {
    buffer out(digest_len, which_bit);
    typename Algorithm::hash hash(kernel);
    update_in_pieces(hash, message, cuts);
    hash.finish(digest_of<Algorithm>(out));
    require(out.holds(digest), "wrong digest", kernel.name);

    const buffer key_at(key, key_len), message_at(message, which_bit), tag_at(tag, which_bit);
    const crypto::hmac<typename Algorithm::hash> hmac(key_at.span(), kernel);
    auto context = hmac.begin();
    update_in_pieces(context, message, cuts);
    context.finish(digest_of<Algorithm>(out));
    require(out.holds(mac), "HMAC: wrong tag", kernel.name);
    const auto verified = hmac.verify(message_at.span(), tag_at.span());
    require(verified.has_value() == valid, valid ? "HMAC: refused its tag" : "HMAC: accepted a bad tag", kernel.name);
    require(valid || verified.error() == error::authentication_failed, "HMAC: wrong error", kernel.name);
  });
}

/// FIPS 180-4 5.1, 6: what is left of a message of which `absorbed` bytes, whole blocks, made the state.
template <class Algorithm>
bytes reference_rest(typename Algorithm::state state, std::uint64_t absorbed, bytes rest) {
  using word = std::remove_reference_t<decltype(state.h[0])>;
  constexpr std::size_t length_len = 2 * sizeof(word);
  const std::uint64_t len = absorbed + rest.size();
  rest.push_back(0x80);
  while ((rest.size() + length_len) % Algorithm::block_len != 0) rest.push_back(0);
  for (std::size_t i = 0; i < length_len; ++i) {
    // Byte i of 8 * len as a number of length_len bytes.
    const std::size_t low_bit = 8 * (length_len - 1 - i);
    rest.push_back(static_cast<std::uint8_t>(low_bit == 0 ? len << 3 : low_bit <= 64 ? len >> (low_bit - 3) : 0));
  }
  const auto& kernel = fuzz::reference_kernel(Algorithm::candidates());
  for (std::size_t i = 0; i < rest.size(); i += Algorithm::block_len) kernel.compress(state, rest.data() + i, 1);
  bytes digest;
  for (std::size_t i = 0; i < Algorithm::digest_len; ++i)
    digest.push_back(
        static_cast<std::uint8_t>(state.h[i / sizeof(word)] >> (8 * (sizeof(word) - 1 - i % sizeof(word)))));
  return digest;
}

/// Goes on from any state at any length, up to those whose bits need more than 64.
template <class Algorithm>
void continued(input& from) {
  using hash = typename Algorithm::hash;
  const std::size_t rest_len = from.length(max_message);
  // Below 2^61 with the rest, the most that SHA-1 and SHA-256 take, or 2^63.
  std::uint64_t absorbed = from.u64() >> (Algorithm::block_len == 64 ? 4 : 1);
  absorbed -= absorbed % Algorithm::block_len;
  const bytes cut_bytes = from.take(from.below(8));
  typename Algorithm::state state;
  for (auto& h : state.h) h = static_cast<std::remove_reference_t<decltype(h)>>(from.u64());
  const bytes rest = from.fill(rest_len);
  const bytes digest = reference_rest<Algorithm>(state, absorbed, rest);
  fuzz::for_each_kernel(Algorithm::candidates(), [&](const typename Algorithm::kernel& kernel) {
    buffer out(Algorithm::digest_len, rest_len);
    hash continuing(state, absorbed, kernel);
    update_in_pieces(continuing, rest, input(cut_bytes.data(), cut_bytes.size()));
    continuing.finish(digest_of<Algorithm>(out));
    require(out.holds(digest), "wrong digest of a long message", kernel.name);
  });
}

/// RFC 5869 2.2 and 2.3 from HMACs of whole strings; OpenSSL must confirm.
template <class Algorithm>
bytes reference_extract(const bytes& salt, const bytes& ikm) {
  const bytes prk = reference_hmac<Algorithm>(salt, ikm);
#if defined(SOTTO_PEER_OPENSSL)
  require(prk == fuzz::openssl::hkdf_extract(Algorithm::openssl(), salt, ikm), "HKDF extract: OpenSSL disagrees");
#endif
  return prk;
}
template <class Algorithm>
bytes reference_expand(const bytes& prk, const bytes& info, std::size_t len) {
#if defined(SOTTO_PEER_OPENSSL)
  return fuzz::openssl::hkdf_expand(Algorithm::openssl(), prk, info, len);
#else
  bytes okm, t;
  for (std::uint8_t i = 1; okm.size() < len; ++i) {
    append(t, info);
    t.push_back(i);
    t = reference_hmac<Algorithm>(prk, t);
    append(okm, t);
  }
  okm.resize(len);
  return okm;
#endif
}

template <class Algorithm>
using hkdf_of = crypto::hkdf<typename Algorithm::hash>;

/// One string in memory of its own, whole or as two pieces, for anything that refers to either.
class in_pieces {
 public:
  in_pieces(const bytes& whole, bool cut, std::size_t at)
      : head_(fuzz::slice(whole, 0, cut ? std::min(at, whole.size()) : whole.size()), at),
        tail_(fuzz::slice(whole, head_.size(), whole.size() - head_.size()), at / 2),
        cut_(cut),
        list_{head_.span(), tail_.span()} {}

  template <class Text>
  Text as() const {
    return cut_ ? Text(std::span<const sotto::const_bytes>(list_)) : Text(list_[0]);
  }

 private:
  buffer head_, tail_;
  bool cut_;
  std::vector<sotto::const_bytes> list_;
};

/// Fixed lengths, which the compiler must know.
template <class Algorithm, std::size_t Len>
void check_fixed(const typename hkdf_of<Algorithm>::prk& prk, const crypto::hkdf_info& info, const bytes& long_okm,
                 const char* kernel) {
  const auto made = hkdf_of<Algorithm>::template expand<Len>(prk, info);
  require(made.size() == Len && std::equal(made.expose().begin(), made.expose().end(), long_okm.begin()),
          "HKDF: wrong output of a fixed length", kernel);
}

/// An info and an output in one memory, which they may not share a byte of.
template <class Algorithm>
void check_shared_memory(const typename hkdf_of<Algorithm>::prk& prk, const bytes& prk_bytes, buffer& arena,
                         fuzz::region info, std::size_t cut, fuzz::region out) {
  const bytes before = content(arena);
  std::optional<error> refused;
  if (!disjoint(info, out)) refused = error::overlapping_buffers;
  const bytes answer = refused ? bytes() : reference_expand<Algorithm>(prk_bytes, content(arena, info), out.len);
  const auto text = piece(arena, info), okm = piece(arena, out);
  const sotto::const_bytes pieces[] = {text.first(std::min(cut, info.len)), text.subspan(std::min(cut, info.len))};
  const auto expanded = hkdf_of<Algorithm>::expand(
      prk, cut != 0 ? crypto::hkdf_info(std::span<const sotto::const_bytes>(pieces)) : crypto::hkdf_info(text), okm);
  sotto::result<sotto::mutable_bytes> got(okm);
  if (!expanded) got = sotto::failure{expanded.error()};
  expect("HKDF", got, refused, answer, out, arena, before);
}

template <class Algorithm>
void hkdf(input& from) {
  using facade = hkdf_of<Algorithm>;
  constexpr std::size_t digest_len = Algorithm::digest_len, fixed_max = 3 * digest_len + 1;
  const bool extracting = from.flag();
  const std::size_t salt_len = from.length(max_key), ikm_len = from.length(max_key), info_len = from.length(max_key);
  const std::size_t out_len = from.below(8) == 0 ? from.below(facade::max_output_len + 3) : from.below(5 * digest_len);
  const unsigned cuts = from.u8();
  const std::size_t cut_at = from.below(max_key), arena_len = from.below(300);
  const fuzz::region arena_info = fuzz::choose_region(from, arena_len, {});
  const fuzz::region arena_out = fuzz::choose_region(from, arena_len, arena_info);
  const bytes salt = from.fill(salt_len), ikm = from.fill(ikm_len), info = from.fill(info_len);
  const bytes arena_content = from.fill(arena_len);

  const bytes prk_bytes = extracting ? reference_extract<Algorithm>(salt, ikm) : ikm;
  const bool too_long = out_len > facade::max_output_len, too_short = prk_bytes.size() < digest_len;
  const bytes okm = too_long || too_short ? bytes() : reference_expand<Algorithm>(prk_bytes, info, out_len);
  const bytes fixed_okm = too_short ? bytes() : reference_expand<Algorithm>(prk_bytes, info, fixed_max);

  fuzz::for_each_kernel(Algorithm::candidates(), [&](const typename Algorithm::kernel& kernel) {
    const buffer salt_at(salt, cut_at), key_at(ikm, cut_at);
    const in_pieces ikm_at(ikm, (cuts & 1) != 0, cut_at), info_at(info, (cuts & 2) != 0, cut_at);
    auto uniform = facade::prk::from_uniform_key(key_at.span(), kernel);
    require(uniform.has_value() == (ikm_len >= digest_len), "HKDF: wrong verdict about a key's length", kernel.name);
    if (!uniform) require(uniform.error() == error::invalid_key_length, "HKDF: wrong error", kernel.name);
    if (!extracting && too_short) return;
    // No salt, and one of length 0, are the same.
    const auto given_salt = salt_len == 0 && (cuts & 4) != 0 ? crypto::hkdf_salt() : crypto::hkdf_salt(salt_at.span());
    const auto prk = extracting ? facade::extract(given_salt, ikm_at.template as<crypto::hkdf_input>(), kernel)
                                : std::move(*uniform);

    const auto given_info = info_at.template as<crypto::hkdf_info>();
    buffer out(out_len, cut_at);
    const auto expanded = facade::expand(prk, given_info, out.span());
    require(expanded.has_value() == !too_long, "HKDF: wrong verdict about a length", kernel.name);
    require(too_long ? expanded.error() == error::output_too_long && out.untouched() : out.holds(okm),
            "HKDF: wrong output", kernel.name);
    check_fixed<Algorithm, 1>(prk, given_info, fixed_okm, kernel.name);
    check_fixed<Algorithm, digest_len>(prk, given_info, fixed_okm, kernel.name);
    check_fixed<Algorithm, fixed_max>(prk, given_info, fixed_okm, kernel.name);

    const std::string_view label(reinterpret_cast<const char*>(info.data()), info.size());
    check_fixed<Algorithm, digest_len>(prk, crypto::hkdf_info(label), fixed_okm, kernel.name);
    buffer arena(arena_content, cut_at);
    check_shared_memory<Algorithm>(prk, prk_bytes, arena, arena_info, cuts / 8, arena_out);
  });
}

template <class Algorithm>
void any_of(input& from) {
  switch (from.below(4)) {
    case 0: hkdf<Algorithm>(from); break;
    case 1: continued<Algorithm>(from); break;
    default: hash_and_hmac<Algorithm>(from); break;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t len) {
  input from(data, len);
  switch (from.below(3)) {
    case 0: any_of<sha1>(from); break;
    case 1: any_of<sha256>(from); break;
    default: any_of<sha512>(from); break;
  }
  return 0;
}
