// SPDX-License-Identifier: BSL-1.0
// X25519: every kernel of the machine against OpenSSL and the others, one multiplication and many, points near the
// edges of the field.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "sotto/kernels/x25519/select.hpp"
#include "support/buffer.hpp"
#include "support/check.hpp"
#include "support/input.hpp"
#include "support/kernels.hpp"
#include "support/openssl.hpp"

namespace {

namespace kernels = sotto::kernels::x25519;
using fuzz::buffer;
using fuzz::bytes;
using fuzz::input;
using fuzz::require;

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

/// A multiplication and its answer by OpenSSL, which is much faster than sanitized code, or the reference kernel.
struct product {
  bytes scalar, u, result;
};
product choose_product(input& from) {
  product p{choose_number(from), choose_u(from), bytes(key_len)};
#if defined(SOTTO_PEER_OPENSSL)
  if (const auto shared = fuzz::openssl::x25519(p.scalar, p.u)) p.result = *shared;
#else
  fuzz::reference_kernel(kernels::candidates).multiply(p.result.data(), p.scalar.data(), p.u.data());
#endif
  return p;
}
product choose_base_product(input& from) {
  product p{choose_number(from), add(bytes(key_len), 9), bytes(key_len)};
#if defined(SOTTO_PEER_OPENSSL)
  p.result = fuzz::openssl::x25519_public(p.scalar);
#else
  fuzz::reference_kernel(kernels::candidates).multiply(p.result.data(), p.scalar.data(), p.u.data());
#endif
  return p;
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
  fuzz::for_each_kernel(kernels::candidates, [&](const kernels::kernel& kernel) {
    call c(p, at);
    const kernels::job j = c.job();
    kernel.multiply(j.out, j.scalar, j.u);
    c.check(kernel.name);
  });
}

void base_point(input& from) {
  const placement at = choose_placement(from);
  const product p = choose_base_product(from);
  fuzz::for_each_kernel(kernels::candidates, [&](const kernels::kernel& kernel) {
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
  fuzz::for_each_kernel(kernels::candidates, [&](const kernels::kernel& kernel) {
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

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t len) {
  input from(data, len);
  switch (from.below(4)) {
    case 0: base_point(from); break;
    case 1: batch(from); break;
    default: single(from); break;
  }
  return 0;
}
