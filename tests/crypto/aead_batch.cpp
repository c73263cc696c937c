// SPDX-License-Identifier: BSL-1.0
// A batch does what its jobs would do one after the other: on every kernel and on several at once, with shared and
// overlapping buffers, and with jobs that are refused among others that aren't.
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <vector>

#include "aead_checks.hpp"
#include "sotto/crypto/chacha20_poly1305.hpp"
#include "support/runnable.hpp"

using aead_test::octets;
using sotto::error;
using sotto::crypto::chacha20_poly1305;
using job = chacha20_poly1305::job;
namespace chacha = sotto::kernels::chacha20_poly1305;

namespace {

/// Keys bound to every kernel of the machine, several to each.
std::vector<chacha20_poly1305> make_keys() {
  std::vector<chacha20_poly1305> keys;
  std::uint64_t seed = 0;
  for (const auto* kernel : support::runnable(chacha::candidates()))
    for (int i = 0; i < 3; ++i) keys.push_back(*chacha20_poly1305::create(support::pattern_bytes(++seed, 32), *kernel));
  return keys;
}

chacha20_poly1305::nonce nonce_of(std::uint64_t seed) {
  return aead_test::nonce_of<chacha20_poly1305>(support::pattern_bytes(seed, 12));
}

/// What a job is, as offsets into a memory.
struct plan {
  std::size_t key, aad_at, aad_len, in_at, in_len, out_at, out_len;
};

std::vector<job> jobs_in(octets& memory, const std::vector<plan>& plans, const std::vector<chacha20_poly1305>& keys) {
  std::vector<job> jobs;
  const sotto::mutable_bytes m(memory);
  for (const plan& p : plans)
    jobs.push_back({&keys[p.key], nonce_of(p.key), m.subspan(p.aad_at, p.aad_len), m.subspan(p.in_at, p.in_len),
                    m.subspan(p.out_at, p.out_len)});
  return jobs;
}

/// The same jobs by single calls.
void one_after_the_other(std::vector<job>& jobs, bool sealing) {
  for (job& j : jobs)
    j.outcome = sealing ? j.key->seal(j.nonce, j.aad, j.in, j.out) : j.key->open(j.nonce, j.aad, j.in, j.out);
}

void run(std::vector<job>& jobs, bool sealing) {
  if (sealing)
    chacha20_poly1305::seal_batch(jobs);
  else
    chacha20_poly1305::open_batch(jobs);
}

bool same_outcome(const job& a, const octets& a_memory, const job& b, const octets& b_memory) {
  if (a.outcome.has_value() != b.outcome.has_value()) return false;
  if (!a.outcome) return a.outcome.error() == b.outcome.error();
  return a.outcome->size() == b.outcome->size() &&
         a.outcome->data() - a_memory.data() == b.outcome->data() - b_memory.data();
}

/// Requires that a batch over the plans leaves memory and outcomes as single calls do; returns how many succeeded.
std::size_t compare(const octets& memory, const std::vector<plan>& plans, const std::vector<chacha20_poly1305>& keys,
                    bool sealing) {
  octets single = memory, batched = memory;
  auto one_by_one = jobs_in(single, plans, keys), together = jobs_in(batched, plans, keys);
  one_after_the_other(one_by_one, sealing);
  run(together, sealing);
  std::size_t succeeded = 0;
  for (std::size_t i = 0; i < plans.size(); ++i) {
    INFO("job " << i << " of " << plans.size());
    REQUIRE(same_outcome(together[i], batched, one_by_one[i], single));
    succeeded += together[i].outcome.has_value() ? 1 : 0;
  }
  REQUIRE((batched == single));
  return succeeded;
}

}  // namespace

TEST_CASE("batches: disjoint packets in every order, of any number, under keys of every kernel") {
  const auto keys = make_keys();
  constexpr std::size_t slot = 512;
  std::size_t sealed = 0;
  for (const std::size_t count : {0u, 1u, 2u, 7u, 16u, 31u, 32u, 33u, 64u, 65u, 100u})
    for (int order = 0; order < 4; ++order) {
      support::pattern p(count * 10 + static_cast<std::size_t>(order));
      std::vector<plan> plans;
      const octets memory = p.bytes(2 * slot * count + 1);
      for (std::size_t i = 0; i < count; ++i) {
        // Rising, falling, mixed, and out of place from the first half to the second.
        const std::size_t at = slot * (order == 0 || order == 3 ? i : order == 1 ? count - 1 - i : i * 37 % count);
        const std::size_t len = p.below(400), out = order == 3 ? at + slot * count : at + 12;
        // By table, or in runs of ten, or all over.
        const std::size_t key = order == 0 ? 0 : order == 1 ? i / 10 % keys.size() : p.below(keys.size());
        plans.push_back({key, at, 12, at + 12, len, out, len + 16});
      }
      if (std::gcd(count, std::size_t{37}) != 1 && order == 2) continue;
      sealed += compare(memory, plans, keys, true);

      octets wire = memory;
      auto jobs = jobs_in(wire, plans, keys);
      one_after_the_other(jobs, true);
      std::vector<plan> back = plans;
      for (plan& b : back) {
        b = {b.key, b.aad_at, b.aad_len, b.out_at, b.in_len + 16, b.in_at, b.in_len};
        if (p.below(4) == 0) wire[b.in_at + p.below(b.in_len)] ^= 0x10;
      }
      compare(wire, back, keys, false);
    }
  CHECK(sealed > 1000);
}

TEST_CASE("batches: buffers anywhere, over one another") {
  const auto keys = make_keys();
  std::size_t sealed = 0, opened = 0;
  for (std::uint64_t seed = 0; seed < 3000; ++seed) {
    support::pattern p(seed);
    // In the smaller memories most jobs meet, in the larger ones few do.
    const octets memory = p.bytes(200 + p.below(4000));
    const std::size_t count = 1 + p.below(40);
    std::vector<plan> plans;
    for (std::size_t i = 0; i < count; ++i) {
      const std::size_t len = p.below(60), room = memory.size() - 80;
      const std::size_t in = p.below(room);
      const std::size_t out = p.below(3) == 0 ? in : p.below(room);
      plans.push_back({p.below(4) == 0 ? p.below(keys.size()) : 0, p.below(room), p.below(20), in, len, out,
                       p.below(10) == 0 ? p.below(80) : len + 16});
    }
    sealed += compare(memory, plans, keys, true);

    // What some of these jobs sealed is there to be opened, by jobs that may overwrite each other's input.
    octets wire = memory;
    auto jobs = jobs_in(wire, plans, keys);
    one_after_the_other(jobs, true);
    std::vector<plan> back;
    for (std::size_t i = 0; i < count; ++i) {
      const plan& b = plans[p.below(count)];
      const std::size_t out = p.below(3) == 0 ? b.out_at : p.below(memory.size() - 80);
      back.push_back({b.key, b.aad_at, b.aad_len, b.out_at, b.in_len + 16, out, b.in_len});
    }
    opened += compare(wire, back, keys, false);
  }
  CHECK(sealed > 10000);
  CHECK(opened > 1000);
}

TEST_CASE("batches: one packet to many keys") {
  const auto keys = make_keys();
  octets memory = support::pattern_bytes(1, 12 + 160 + 50 * 176);
  std::vector<plan> plans;
  for (std::size_t i = 0; i < 50; ++i) plans.push_back({i % keys.size(), 0, 12, 12, 160, 172 + 176 * i, 176});
  CHECK(compare(memory, plans, keys, true) == 50);
}

TEST_CASE("batches: a packet opened twice in place opens once") {
  const auto keys = make_keys();
  octets memory = support::pattern_bytes(1, 100);
  REQUIRE(keys[0].seal(nonce_of(0), {}, sotto::const_bytes(memory).first(84), memory).has_value());
  auto jobs = jobs_in(memory, {{0, 0, 0, 0, 100, 0, 84}, {0, 0, 0, 0, 100, 0, 84}}, keys);
  chacha20_poly1305::open_batch(jobs);
  CHECK(jobs[0].outcome.has_value());
  REQUIRE_FALSE(jobs[1].outcome.has_value());
  CHECK(jobs[1].outcome.error() == error::authentication_failed);
}

TEST_CASE("batches: each refusal has its name and touches nothing") {
  const auto keys = make_keys();
  octets memory = support::pattern_bytes(1, 400);
  const octets before = memory;
  const sotto::mutable_bytes m(memory);
  std::vector<job> jobs{
      {nullptr, nonce_of(1), {}, m.first(10), m.first(26)},
      {&keys[0], nonce_of(1), {}, m.first(10), m.first(25)},
      {&keys[0], nonce_of(1), {}, m.first(10), m.subspan(5, 26)},
      {&keys[0], nonce_of(1), m.subspan(20, 4), m.first(10), m.first(26)},
  };
  const error sealing[] = {error::invalid_argument, error::buffer_too_small, error::overlapping_buffers,
                           error::overlapping_buffers};
  for (const job& j : jobs) CHECK(j.outcome.error() == error::invalid_argument);
  chacha20_poly1305::seal_batch(jobs);
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    INFO(i);
    REQUIRE_FALSE(jobs[i].outcome.has_value());
    CHECK(jobs[i].outcome.error() == sealing[i]);
  }
  CHECK(memory == before);

  jobs = {
      {nullptr, nonce_of(1), {}, m.first(26), m.first(10)},
      {&keys[0], nonce_of(1), {}, m.first(15), m.first(10)},
      {&keys[0], nonce_of(1), {}, m.first(26), m.first(9)},
      {&keys[0], nonce_of(1), {}, m.first(26), m.subspan(20, 10)},
      {&keys[0], nonce_of(1), m.subspan(105, 4), m.first(26), m.subspan(100, 10)},
      {&keys[0], nonce_of(1), {}, m.first(26), m.first(10)},
  };
  const error opening[] = {error::invalid_argument,    error::authentication_failed, error::buffer_too_small,
                           error::overlapping_buffers, error::overlapping_buffers,   error::authentication_failed};
  chacha20_poly1305::open_batch(jobs);
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    INFO(i);
    REQUIRE_FALSE(jobs[i].outcome.has_value());
    CHECK(jobs[i].outcome.error() == opening[i]);
  }
  CHECK(memory == before);

  if constexpr (sizeof(std::size_t) > 4) {
    const auto over = static_cast<std::size_t>(chacha20_poly1305::max_text_len) + 1;
    jobs = {{&keys[0], nonce_of(1), {}, {m.data(), over}, {m.data(), over + 16}}};
    chacha20_poly1305::seal_batch(jobs);
    CHECK(jobs[0].outcome.error() == error::message_too_long);
    jobs = {{&keys[0], nonce_of(1), {}, {m.data(), over + 16}, {m.data(), over}}};
    chacha20_poly1305::open_batch(jobs);
    CHECK(jobs[0].outcome.error() == error::message_too_long);
  }
}
