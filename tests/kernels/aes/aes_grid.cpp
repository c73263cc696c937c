// SPDX-License-Identifier: BSL-1.0
// Every AES kernel equals the reference at every length, in place and out of place, between unreadable pages.
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "sotto/kernels/aes/select.hpp"
#include "support/catch.hpp"
#include "support/fault_note.hpp"
#include "support/grid.hpp"
#include "support/guard_pages.hpp"
#include "support/hex.hpp"
#include "support/pattern.hpp"
#include "support/runnable.hpp"

namespace aes = sotto::kernels::aes;
using bytes = std::vector<std::uint8_t>;
using support::edge;

namespace {

constexpr std::size_t max_len = 2048, max_blocks = 40;

/// The keystream as the contract words it: one block at a time, the last four counter bytes wrapping without carry.
bytes keystream(const aes::key& key, const bytes& counter, std::size_t len) {
  bytes stream(len + aes::block_len), block = counter;
  for (std::size_t at = 0; at < len; at += aes::block_len) {
    support::reference(aes::candidates()).encrypt_blocks(key, block.data(), stream.data() + at, 1);
    for (std::size_t i = 15; i >= 12 && ++block[i] == 0; --i) {
    }
  }
  stream.resize(len);
  return stream;
}

struct buffers {
  support::guard_pages key{32}, counter{16}, in{max_len}, out{max_len};
  support::fault_note fault;
};

/// Runs work(from, to) on a copy of input; null, or what is wrong with the result or the memory around it.
template <class Work>
const char* transform(buffers& b, const char* name, edge at, bool in_place, const bytes& input,
                      const std::uint8_t* expected, Work work) {
  const std::size_t len = input.size();
  const std::uint8_t* from = b.in.place(at, input);
  b.fault.now(name, in_place ? "in place" : "apart", 0, len);
  std::uint8_t* to = in_place ? const_cast<std::uint8_t*>(from) : b.out.place(at, len);
  work(from, to);
  if (!support::same_bytes(to, expected, len)) return "wrong bytes";
  if (!(in_place ? b.in : b.out).intact_around(to, len)) return "wrote outside";
  if (!in_place && len != 0 && std::memcmp(from, input.data(), len) != 0) return "changed its input";
  return nullptr;
}

constexpr edge edges[] = {edge::start, edge::end};

}  // namespace

TEST_CASE("AES kernels: every length of counter mode, every wrap of the counter") {
  const std::vector<bytes> counters = {
      support::from_hex("00000000000000000000000000000000"), support::from_hex("f0f1f2f3f4f5f6f7f8f9fafb000000fd"),
      support::from_hex("fffffffffffffffffffffffffffffffe"), support::from_hex("0102030405060708090a0b0cfffffff0"),
      support::from_hex("ffffffffffffffffffffffffffffff85")};
  const auto lengths = support::lengths_to(max_len);
  buffers b;
  for (const std::size_t key_len : {16u, 24u, 32u}) {
    const bytes secret = support::pattern_bytes(key_len, key_len);
    aes::key reference;
    support::reference(aes::candidates()).expand(reference, secret.data(), key_len);
    for (const bytes& counter : counters) {
      const bytes stream = keystream(reference, counter, max_len);
      for (const auto* kernel : support::runnable(aes::candidates())) {
        aes::key key;
        kernel->expand(key, b.key.place(edge::end, secret), key_len);
        support::row row;
        for (const std::size_t len : lengths) {
          const bytes input = support::pattern_bytes(len, len);
          bytes expected = input;
          for (std::size_t i = 0; i < len; ++i) expected[i] ^= stream[i];
          for (const edge at : edges)
            for (const bool in_place : {false, true}) {
              const std::uint8_t* first = b.counter.place(at, counter);
              const char* wrong = transform(b, kernel->name, at, in_place, input, expected.data(),
                                            [&](auto* from, auto* to) { kernel->ctr(key, first, from, to, len); });
              if (wrong == nullptr && std::memcmp(first, counter.data(), counter.size()) != 0)
                wrong = "changed the counter";
              row.judge(wrong, [&] { return "length " + std::to_string(len) + (in_place ? ", in place" : ""); });
            }
        }
        INFO(kernel->name << ", " << key_len << "-byte key, counter " << support::to_hex(counter));
        REQUIRE_ROW(row);
      }
    }
  }
}

TEST_CASE("AES kernels: every alignment of counter mode") {
  const bytes secret = support::pattern_bytes(7, 16), counter = support::pattern_bytes(8, 16);
  aes::key reference;
  support::reference(aes::candidates()).expand(reference, secret.data(), secret.size());
  const bytes stream = keystream(reference, counter, 600);
  for (const auto* kernel : support::runnable(aes::candidates())) {
    aes::key key;
    kernel->expand(key, secret.data(), secret.size());
    support::row row;
    for (const std::size_t len : {1u, 15u, 16u, 17u, 63u, 64u, 65u, 160u, 255u, 256u, 257u, 511u, 600u}) {
      const bytes input = support::pattern_bytes(len, len);
      alignas(64) std::uint8_t from[700], to[700];
      for (std::size_t a = 0; a < 64; ++a) {
        const std::size_t shift = (a * 29 + len) % 64;
        std::memcpy(from + a, input.data(), len);
        std::memset(to, 0xa5, sizeof to);
        kernel->ctr(key, counter.data(), from + a, to + shift, len);
        bool right = support::guard_pages::is_canary(to, shift) &&
                     support::guard_pages::is_canary(to + shift + len, sizeof to - shift - len);
        for (std::size_t i = 0; i < len; ++i) right = right && to[shift + i] == (input[i] ^ stream[i]);
        row.judge(right ? nullptr : "wrong bytes",
                  [&] { return std::to_string(len) + " bytes at " + std::to_string(a); });
      }
    }
    INFO(kernel->name);
    REQUIRE_ROW(row);
  }
}

TEST_CASE("AES kernels: every number of blocks") {
  buffers b;
  for (const std::size_t key_len : {16u, 24u, 32u}) {
    const bytes secret = support::pattern_bytes(key_len + 1, key_len);
    aes::key reference;
    support::reference(aes::candidates()).expand(reference, secret.data(), key_len);
    for (const auto* kernel : support::runnable(aes::candidates())) {
      aes::key key;
      kernel->expand(key, b.key.place(edge::start, secret), key_len);
      support::row row;
      for (std::size_t blocks = 0; blocks <= max_blocks; ++blocks) {
        const bytes input = support::pattern_bytes(blocks, blocks * aes::block_len);
        bytes expected(input.size() + 1);
        for (std::size_t i = 0; i < blocks; ++i)  // one by one, unlike any kernel
          support::reference(aes::candidates())
              .encrypt_blocks(reference, input.data() + 16 * i, expected.data() + 16 * i, 1);
        for (const edge at : edges)
          for (const bool in_place : {false, true})
            row.judge(transform(b, kernel->name, at, in_place, input, expected.data(),
                                [&](auto* from, auto* to) { kernel->encrypt_blocks(key, from, to, blocks); }),
                      [&] { return std::to_string(blocks) + " blocks" + (in_place ? ", in place" : ""); });
      }
      INFO(kernel->name << ", " << key_len << "-byte key");
      REQUIRE_ROW(row);
    }
  }
}
