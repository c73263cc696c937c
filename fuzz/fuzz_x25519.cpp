// SPDX-License-Identifier: BSL-1.0
// X25519: every kernel of the machine against OpenSSL and the others, one multiplication and many, points near the
// edges of the field; keys and agreements against OpenSSL's verdict.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <utility>
#include <vector>

#include "sotto/crypto/x25519.hpp"
#include "sotto/kernels/x25519/select.hpp"
#include "support/buffer.hpp"
#include "support/check.hpp"
#include "support/input.hpp"
#include "support/kernels.hpp"
#include "support/openssl.hpp"

namespace {

namespace crypto = sotto::crypto;
namespace kernels = sotto::kernels::x25519;
using fuzz::append;
using fuzz::buffer;
using fuzz::bytes;
using fuzz::input;
using fuzz::require;
using sotto::error;

constexpr std::size_t key_len = kernels::key_len;

/// 32 little-endian bytes plus a small number, modulo 2^256.
bytes add(bytes number, int small) {
  for (auto& b : number) {
    small += b;
    b = static_cast<std::uint8_t>(small & 0xff);
    small = (small - b) / 256;
  }
  return number;
}
bytes power_of_two(std::size_t exponent) {
  bytes number(key_len);
  number[exponent / 8] = static_cast<std::uint8_t>(1u << exponent % 8);
  return number;
}
/// 2^end - 2^begin, as limbs of any size look when they are full.
bytes run_of_ones(std::size_t begin, std::size_t end) {
  bytes number(key_len);
  for (std::size_t i = begin; i < end; ++i) number[i / 8] |= static_cast<std::uint8_t>(1u << i % 8);
  return number;
}
bytes prime() { return add(power_of_two(255), -19); }

/// The x coordinates of order 8 on the curve; those of order 1, 2 and 4 are 0, 1 and p - 1.
const bytes order_8[] = {
    {0xe0, 0xeb, 0x7a, 0x7c, 0x3b, 0x41, 0xb8, 0xae, 0x16, 0x56, 0xe3, 0xfa, 0xf1, 0x9f, 0xc4, 0x6a,
     0xda, 0x09, 0x8d, 0xeb, 0x9c, 0x32, 0xb1, 0xfd, 0x86, 0x62, 0x05, 0x16, 0x5f, 0x49, 0xb8, 0x00},
    {0x5f, 0x9c, 0x95, 0xbc, 0xa3, 0x50, 0x8c, 0x24, 0xb1, 0xd0, 0xb1, 0x55, 0x9c, 0x83, 0xef, 0x5b,
     0x04, 0x44, 0x5c, 0xc4, 0x58, 0x1c, 0x8e, 0x86, 0xd8, 0x22, 0x4e, 0xdd, 0xd0, 0x9f, 0x11, 0x57},
};

/// Any number, half of which are on the twist, or one with something special about it.
bytes choose_number(input& from) {
  switch (from.below(8)) {
    case 0: return bytes(key_len, from.u8());
    case 1: return order_8[from.below(std::size(order_8))];
    case 2: return add(prime(), static_cast<int>(from.u8()) - 128);
    case 3: return add(bytes(key_len), from.u8());
    case 4: {
      const std::size_t exponent = from.u8();
      return add(power_of_two(exponent), static_cast<int>(from.u8()) - 128);
    }
    case 5: {
      const std::size_t begin = from.u8();
      return run_of_ones(begin, std::min<std::size_t>(begin + from.u8(), 256));
    }
    default: return from.fill(key_len);
  }
}
bytes choose_u(input& from) {
  bytes u = choose_number(from);
  if (from.flag()) u[key_len - 1] ^= 0x80;  // which is ignored
  return u;
}

/// By OpenSSL, which is much faster than sanitized code, or the reference kernel. OpenSSL refuses what gives zeros.
bytes multiply(const bytes& scalar, const bytes& u) {
#if defined(SOTTO_PEER_OPENSSL)
  return fuzz::openssl::x25519(scalar, u).value_or(bytes(key_len));
#else
  bytes result(key_len);
  fuzz::reference_kernel(kernels::candidates()).multiply(result.data(), scalar.data(), u.data());
  return result;
#endif
}
bytes multiply_base(const bytes& scalar) {
#if defined(SOTTO_PEER_OPENSSL)
  return fuzz::openssl::x25519_public(scalar);
#else
  return multiply(scalar, add(bytes(key_len), 9));
#endif
}

/// A multiplication and its answer.
struct product {
  bytes scalar, u, result;
};
product choose_product(input& from) {
  bytes scalar = choose_number(from), u = choose_u(from), result = multiply(scalar, u);
  return {std::move(scalar), std::move(u), std::move(result)};
}
product choose_base_product(input& from) {
  bytes scalar = choose_number(from), result = multiply_base(scalar);
  return {std::move(scalar), add(bytes(key_len), 9), std::move(result)};
}

/// Where a multiplication's result goes, and where its memory lies.
struct placement {
  enum { apart, over_scalar, over_u } out;
  std::size_t scalar_at, u_at, out_at;
};
placement choose_placement(input& from) {
  placement at{};
  const std::size_t where = from.below(4);
  at.out = where == 1 ? placement::over_scalar : where == 2 ? placement::over_u : placement::apart;
  for (std::size_t* misaligned : {&at.scalar_at, &at.u_at, &at.out_at}) *misaligned = from.u8();
  return at;
}

/// The arguments of one multiplication, each in memory of its own.
class call {
 public:
  call(const product& p, const placement& at)
      : product_(p), at_(at), scalar_(p.scalar, at.scalar_at), u_(p.u, at.u_at), out_(key_len, at.out_at) {}

  kernels::job job() {
    return {scalar_.data(), u_.data(),
            (at_.out == placement::over_scalar ? scalar_
             : at_.out == placement::over_u    ? u_
                                               : out_)
                .data()};
  }
  void check(const char* kernel) const {
    const auto holds = [&](const buffer& b, const bytes& before, bool written) {
      return b.holds(written ? product_.result : before);
    };
    require(holds(scalar_, product_.scalar, at_.out == placement::over_scalar) &&
                holds(u_, product_.u, at_.out == placement::over_u) &&
                (at_.out == placement::apart ? out_.holds(product_.result) : out_.untouched()),
            "wrong product, or written elsewhere", kernel);
  }

 private:
  const product& product_;
  placement at_;
  buffer scalar_, u_, out_;
};

void single(input& from) {
  const placement at = choose_placement(from);
  const product p = choose_product(from);
  fuzz::for_each_kernel(kernels::candidates(), [&](const kernels::kernel& kernel) {
    call c(p, at);
    const kernels::job j = c.job();
    kernel.multiply(j.out, j.scalar, j.u);
    c.check(kernel.name);
  });
}

void base_point(input& from) {
  const placement at = choose_placement(from);
  const product p = choose_base_product(from);
  fuzz::for_each_kernel(kernels::candidates(), [&](const kernels::kernel& kernel) {
    call c(p, {at.out == placement::over_u ? placement::apart : at.out, at.scalar_at, at.u_at, at.out_at});
    const kernels::job j = c.job();
    kernel.multiply_base(j.out, j.scalar);
    c.check(kernel.name);
  });
}

/// Mostly about a vector's lanes, up to two vectors and one more.
void batch(input& from) {
  std::vector<product> products;
  for (std::size_t left = 1 + from.below(5); left != 0; --left) products.push_back(choose_product(from));
  const std::size_t count = from.below(from.below(8) == 0 ? 18 : 10);
  std::vector<std::size_t> which;
  std::vector<placement> places;
  for (std::size_t i = 0; i < count; ++i) {
    which.push_back(from.below(products.size()));
    places.push_back(choose_placement(from));
  }
  fuzz::for_each_kernel(kernels::candidates(), [&](const kernels::kernel& kernel) {
    std::vector<call> calls;
    std::vector<kernels::job> jobs;
    calls.reserve(count);
    jobs.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
      calls.emplace_back(products[which[i]], places[i]);
      jobs.push_back(calls[i].job());
    }
    kernel.multiply_batch(jobs.data(), count);
    for (const call& c : calls) c.check(kernel.name);
  });
}

std::span<const std::uint8_t, key_len> fixed(const bytes& b) {
  return std::span<const std::uint8_t, key_len>(b.data(), key_len);
}
bool holds(std::span<const std::uint8_t, key_len> got, const bytes& wanted) {
  return std::equal(got.begin(), got.end(), wanted.begin());
}

/// Gives what it was given, once, or fails.
struct given_random {
  const bytes& scalar;
  bool works;
  sotto::result<void> operator()(sotto::mutable_bytes out) noexcept {
    if (!works) return sotto::failure{error::random_unavailable};
    require(out.size() == key_len, "a key takes 32 random bytes");
    std::copy(scalar.begin(), scalar.end(), out.begin());
    return {};
  }
};

/// A secret leaves through HKDF only.
void check_outcome(const sotto::result<crypto::x25519::shared_secret>& got, std::optional<error> refused,
                   const bytes& wanted, const bytes& before, const bytes& after) {
  if (!refused && wanted == bytes(key_len)) refused = error::low_order_point;
  require(got.has_value() == !refused, refused ? "agreed on what it should refuse" : "refused to agree");
  if (refused) {
    require(got.error() == *refused, "wrong error of an agreement");
    return;
  }
  using hkdf = crypto::hkdf<crypto::sha256>;
  bytes whole(before);
  append(whole, wanted);
  append(whole, after);
  const auto made = hkdf::expand<key_len>(got->extract<crypto::sha256>(crypto::hkdf_salt(after), before, after), {});
  const auto right = hkdf::expand<key_len>(hkdf::extract(crypto::hkdf_salt(after), crypto::hkdf_input(whole)), {});
  require(std::equal(made.expose().begin(), made.expose().end(), right.expose().begin()), "agreed on another secret");
}

std::unique_ptr<crypto::x25519::ephemeral_key> make_ephemeral(const bytes& scalar) {
  given_random random{scalar, true};
  auto made = crypto::x25519::ephemeral_key::generate(random);
  require(made.has_value(), "generated no key");
  return std::make_unique<crypto::x25519::ephemeral_key>(std::move(*made));
}
std::unique_ptr<crypto::x25519::static_key> make_static(const bytes& scalar) {
  return std::make_unique<crypto::x25519::static_key>(crypto::x25519::static_key::from_secret(fixed(scalar)));
}

/// One pair of keys, as ephemeral and as static ones.
void keys(input& from) {
  const fuzz::hidden_features mask(from.u32());
  const std::size_t parsed_len = from.below(4) == 0 ? from.below(70) : key_len;
  const bool random_works = from.below(8) != 7;
  const product p = choose_product(from);
  const bytes before = from.take(from.below(70)), after = from.take(from.below(70));

  bytes parsed_bytes(p.u);
  parsed_bytes.resize(parsed_len);
  const buffer parsed_from(parsed_bytes, parsed_len);
  const auto parsed = crypto::x25519::public_key::parse(parsed_from.span());
  require(parsed.has_value() == (parsed_len == key_len), "wrong verdict about a public key's length");
  require(parsed ? holds(parsed->bytes(), p.u) : parsed.error() == error::invalid_key_length, "parsed wrongly");

  given_random random{p.scalar, random_works};
  auto generated = crypto::x25519::static_key::generate(random);
  require(generated.has_value() == random_works, "wrong verdict about randomness");
  require(generated ? holds(generated->expose_secret(), p.scalar) : generated.error() == error::random_unavailable,
          "generated wrongly");

  const crypto::x25519::public_key peer(fixed(p.u));
  const bytes own = multiply_base(p.scalar);
  const auto lasting = make_static(p.scalar);
  require(holds(lasting->expose_secret(), p.scalar) && holds(lasting->public_key().bytes(), own), "wrong static key");
  check_outcome(lasting->agree(peer), {}, p.result, before, after);
  const crypto::x25519::static_key moved(std::move(*lasting));
  check_outcome(moved.agree(peer), {}, p.result, after, before);
  check_outcome(lasting->agree(peer), error::invalid_argument, {}, {}, {});
  const auto ephemeral = make_ephemeral(p.scalar);
  require(holds(ephemeral->public_key().bytes(), own), "wrong ephemeral key");
  check_outcome(std::move(*ephemeral).agree(peer), {}, p.result, before, after);
  check_outcome(std::move(*ephemeral).agree(peer), error::invalid_argument, {}, {}, {});
}

/// Agreements of few keys with few peers, in any combination: as if each were alone, but for keys that are used up.
void agreements(input& from) {
  struct end {
    bytes scalar;
    std::unique_ptr<crypto::x25519::static_key> lasting;
    std::unique_ptr<crypto::x25519::ephemeral_key> ephemeral;
  };
  std::vector<end> ends;
  std::vector<bytes> peers;
  std::vector<crypto::x25519::public_key> peer_keys;
  for (std::size_t left = 1 + from.below(4); left != 0; --left) {
    const fuzz::hidden_features mask(from.u32());
    const bytes scalar = choose_number(from);
    ends.push_back({scalar, make_static(scalar), make_ephemeral(scalar)});
  }
  for (std::size_t left = 1 + from.below(3); left != 0; --left) peers.push_back(choose_u(from));
  for (const auto& u : peers) peer_keys.emplace_back(fixed(u));

  const std::size_t count = from.below(from.below(8) == 0 ? 20 : 10);
  std::vector<crypto::x25519::agreement> jobs(count);
  std::vector<std::optional<error>> refused(count);
  std::vector<bytes> wanted(count);
  std::set<std::size_t> used_up;
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t who = from.below(ends.size()), peer = from.below(peers.size());
    const unsigned how = from.u8() % 16;  // mostly static keys, since ephemeral ones are few
    const bool lasting = how < 9 || how == 15, ephemeral = how >= 9 && how != 13, has_peer = how < 12 || how >= 13;
    if (lasting) jobs[i].lasting = ends[who].lasting.get();
    if (ephemeral) jobs[i].ephemeral = ends[who].ephemeral.get();
    if (has_peer) jobs[i].peer = &peer_keys[peer];
    jobs[i].outcome = sotto::failure{error::unsupported};  // left from another batch
    if (lasting == ephemeral || !has_peer || (ephemeral && used_up.count(who) != 0))
      refused[i] = error::invalid_argument;
    else
      wanted[i] = multiply(ends[who].scalar, peers[peer]);
    if (!refused[i] && ephemeral) used_up.insert(who);
  }
  crypto::x25519::agree_batch(jobs);
  for (std::size_t i = 0; i < count; ++i) check_outcome(jobs[i].outcome, refused[i], wanted[i], {}, {});
  for (const std::size_t who : used_up)
    check_outcome(std::move(*ends[who].ephemeral).agree(peer_keys[0]), error::invalid_argument, {}, {}, {});
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t len) {
  input from(data, len);
  switch (from.below(8)) {
    case 0: base_point(from); break;
    case 1: batch(from); break;
    case 2: keys(from); break;
    case 3: agreements(from); break;
    default: single(from); break;
  }
  return 0;
}
