// SPDX-License-Identifier: BSL-1.0
// X25519 on every kernel: the kernel tables and the public API.
#include "x25519.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <map>
#include <sotto/kernels/x25519/select.hpp>
#include <string>

#include "kernels.hpp"
#include "x25519_agreement.hpp"

namespace vectors {
namespace {

namespace kernels = sotto::kernels::x25519;
using kernels::key_len;

bytes product(const kernels::kernel& table, const bytes& scalar, const bytes& u) {
  bytes out(key_len);
  table.multiply(out.data(), scalar.data(), u.data());
  return out;
}

bytes public_key_of(const kernels::kernel& table, const bytes& scalar) {
  bytes out(key_len);
  table.multiply_base(out.data(), scalar.data());
  return out;
}

bytes base_point() {
  bytes nine(key_len);
  nine[0] = 9;
  return nine;
}

bool all_zero(const bytes& value) { return value == bytes(key_len); }

template <class Body>
void on_each_kernel(report& r, const Body& body) {
  on_each(kernels::candidates(), "x25519", r, body);
}

/// One multiplication out of place and in place, without the bits that RFC 7748 5 ignores; and the base point by its
/// table against the ladder of the reference.
void check_multiplication(test_case& c, const std::string& kernel, const kernels::kernel& table,
                          const multiplication& v) {
  guarded out(key_len);
  table.multiply(out.span().data(), v.scalar.data(), v.u.data());
  c.same(kernel, "product", v.expected, out.span());
  c.require(kernel, out.guard_intact(), "multiply wrote behind its output");

  bytes over_scalar = v.scalar, over_u = v.u;
  table.multiply(over_scalar.data(), over_scalar.data(), v.u.data());
  c.same(kernel, "product in the scalar's place", v.expected, over_scalar);
  table.multiply(over_u.data(), v.scalar.data(), over_u.data());
  c.same(kernel, "product in u's place", v.expected, over_u);

  bytes scalar = v.scalar, u = v.u;
  scalar[0] ^= 0x07;
  scalar[31] ^= 0xc0;
  u[31] ^= 0x80;
  c.same(kernel, "product with other ignored bits", v.expected, product(table, scalar, u));

  const auto& reference = *kernels::candidates().back().kernel;
  c.same(kernel, "public key", product(reference, v.scalar, base_point()), public_key_of(table, v.scalar));
}

/// All cases on one kernel: alone, together in one batch, and through the public API.
class kernel_check {
 public:
  kernel_check(const kernels::kernel& table, const std::vector<multiplication>& cases)
      : table_(&table), cases_(cases), products_(cases.size(), bytes(key_len)), agreements_(table, cases) {
    std::vector<kernels::job> jobs;
    for (std::size_t i = 0; i < cases.size(); ++i)
      jobs.push_back({cases[i].scalar.data(), cases[i].u.data(), products_[i].data()});
    table.multiply_batch(jobs.data(), jobs.size());
  }
  void check(test_case& c, const std::string& kernel, std::size_t at) const {
    check_multiplication(c, kernel, *table_, cases_[at]);
    c.same(kernel, "product in a batch", cases_[at].expected, products_[at]);
    agreements_.check(c, kernel, at);
  }

 private:
  const kernels::kernel* table_;
  std::vector<multiplication> cases_;
  std::vector<bytes> products_;
  agreement_check agreements_;
};

/// Counts the outcomes of the cases that implementations may refuse.
class acceptable_cases {
 public:
  void add(const json_case& test, bool zero) {
    ++cases_;
    zeros_ += zero;
    for (const json& flag : test.array("flags")) ++flags_[flag.get<std::string>()];
  }
  void note_in(report& r) const {
    if (cases_ == 0) return;
    std::string text = std::to_string(cases_) +
                       " acceptable cases have the outcome of RFC 7748: " + std::to_string(cases_ - zeros_) +
                       " shared secrets, " + std::to_string(zeros_) + " all-zero ones refused as low_order_point (";
    for (const auto& [flag, count] : flags_)
      text += (flag == flags_.begin()->first ? "" : ", ") + flag + ' ' + std::to_string(count);
    r.note(text + ')');
  }

 private:
  std::size_t cases_ = 0, zeros_ = 0;
  std::map<std::string, std::size_t> flags_;
};

void run_multiplication(const json_case& test, report& r) {
  const multiplication v{test.hex("k", key_len), test.hex("u", key_len), test.hex("expected", key_len)};
  r.run(test.id(), [&](test_case& c) {
    on_each_kernel(r,
                   [&](const auto& table, const std::string& kernel) { kernel_check(table, {v}).check(c, kernel, 0); });
  });
}

void run_key_agreement(const json_case& test, report& r) {
  const bytes alice = test.hex("alice_private", key_len), alice_public = test.hex("alice_public", key_len);
  const bytes bob = test.hex("bob_private", key_len), bob_public = test.hex("bob_public", key_len);
  const bytes expected = test.hex("expected", key_len);
  r.run(test.id(), [&](test_case& c) {
    on_each_kernel(r, [&](const auto& table, const std::string& kernel) {
      c.same(kernel, "Alice's public key", alice_public, public_key_of(table, alice));
      c.same(kernel, "Bob's public key", bob_public, public_key_of(table, bob));
      const kernel_check both(table, {{alice, bob_public, expected}, {bob, alice_public, expected}});
      both.check(c, kernel, 0);
      both.check(c, kernel, 1);
    });
  });
}

/// RFC 7748 5.2: each product is the next scalar, and each scalar the next u.
void run_chain(const json_case& test, report& r) {
  const bytes scalar = test.hex("k", key_len), u = test.hex("u", key_len), expected = test.hex("expected", key_len);
  const std::uint64_t steps = test.number("iterations");
  const bool is_long = steps > 1000;
  if (is_long && r.length() == run_length::brief) return r.skip(std::to_string(steps) + " iterations in a --short run");
  const bool every_kernel = !is_long || r.length() == run_length::full;
  r.run(test.id() + ' ' + std::to_string(steps) + " iterations", [&](test_case& c) {
    on_each_kernel(r, [&](const auto& table, const std::string& kernel) {
      if (!every_kernel && &table != &kernels::select()) return;
      bytes k = scalar, last = u;
      for (std::uint64_t i = 0; i < steps; ++i) {
        table.multiply(last.data(), k.data(), last.data());
        k.swap(last);
      }
      c.same(kernel, "product", expected, k);
      if (!every_kernel)
        r.note(std::to_string(steps) + " iterations ran on " + kernel + "; --long runs them on every kernel");
    });
  });
}

}  // namespace

void run_x25519_wycheproof(const std::vector<json_case>& tests, report& r) {
  std::vector<multiplication> all;
  for (const auto& test : tests)
    all.push_back({test.hex("private", key_len), test.hex("public", key_len), test.hex("shared", key_len)});
  std::vector<kernel_check> checks;
  on_each_kernel(r, [&](const auto& table, const std::string&) { checks.emplace_back(table, all); });

  acceptable_cases acceptable;
  for (std::size_t i = 0; i < tests.size(); ++i) {
    const std::string result = tests[i].text("result");
    if (result != "valid" && result != "acceptable")
      throw malformed(tests[i].id() + ": unknown result \"" + result + '"');
    if (result == "acceptable") acceptable.add(tests[i], all_zero(all[i].expected));
    r.run(tests[i].id(), [&](test_case& c) {
      auto its_check = checks.begin();
      on_each_kernel(r, [&](const auto&, const std::string& kernel) { (its_check++)->check(c, kernel, i); });
    });
  }
  acceptable.note_in(r);
}

void run_x25519_case(const json_case& test, report& r) {
  const std::string type = test.text("type");
  if (type == "scalar_mult")
    run_multiplication(test, r);
  else if (type == "diffie_hellman")
    run_key_agreement(test, r);
  else if (type == "iterated")
    run_chain(test, r);
  else
    throw malformed(test.id() + ": unknown type \"" + type + '"');
}

}  // namespace vectors
