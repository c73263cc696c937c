// SPDX-License-Identifier: BSL-1.0
// The hashes give the published digests however their input is cut up.
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "support/catch.hpp"
#include "support/grid.hpp"
#include "support/guard_pages.hpp"
#include "support/hash_rig.hpp"
#include "support/hex.hpp"
#include "support/pattern.hpp"
#include "support/runnable.hpp"
#include "support/vector_file.hpp"

using sotto::const_bytes;
using support::sha1_rig;
using support::sha256_rig;
using support::sha512_rig;
using octets = std::vector<std::uint8_t>;

namespace {

template <class Hash>
octets finished(Hash& hash) {
  octets digest(Hash::digest_len);
  hash.finish(std::span<std::uint8_t, Hash::digest_len>(digest));
  return digest;
}

template <class Hash>
octets digest_of(const_bytes message, const typename Hash::kernel& kernel = Hash::best_kernel()) {
  Hash hash(kernel);
  hash.update(message);
  return finished(hash);
}

/// Where a message is worth cutting: at its ends and next to every border between blocks.
std::vector<std::size_t> cuts_of(std::size_t len, std::size_t block_len) {
  std::vector<std::size_t> cuts{0, len};
  for (std::size_t border = 0; border <= len + 1; border += block_len)
    for (const std::size_t cut : {border - 1, border, border + 1})
      if (cut < len) cuts.push_back(cut);
  return cuts;
}

const char* a_million_times_a(const sha1_rig*) { return "34aa973cd4c4daa4f61eeb2bdbad27316534016f"; }
const char* a_million_times_a(const sha256_rig*) {
  return "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0";
}
const char* a_million_times_a(const sha512_rig*) {
  return "e718483d0ce769644e2e42c7bc15b4638e1f98b13b2044285632a803afa973eb"
         "de0ff244877ea60a4cb0432ce577c31beb009c5c2c49aa2e4eadb217ad8cc09b";
}

}  // namespace

TEMPLATE_TEST_CASE("hash: published digests on every kernel", "", sha1_rig, sha256_rig, sha512_rig) {
  const auto records = support::read_vectors(std::string(TestType::name) + ".txt");
  for (const auto* kernel : support::runnable(TestType::candidates())) {
    for (const auto& v : records) {
      INFO(kernel->name << " " << v.where());
      REQUIRE(digest_of<typename TestType::hash>(v["message"], *kernel) == v["digest"]);
    }
  }
}

TEMPLATE_TEST_CASE("hash: Monte Carlo on every kernel", "", sha1_rig, sha256_rig, sha512_rig) {
  using hash = typename TestType::hash;
  const auto record = support::read_vectors(std::string(TestType::name) + "_monte_carlo.txt").at(0);
  for (const auto* kernel : support::runnable(TestType::candidates())) {
    octets seed = record["seed"];
    for (int thousand = 1; thousand <= 10; ++thousand) {
      octets last[3] = {seed, seed, seed};
      for (int i = 0; i < 1000; ++i) {
        hash h(*kernel);
        for (const octets& digest : last) h.update(digest);
        last[0].swap(last[1]);
        last[1].swap(last[2]);
        last[2] = finished(h);
      }
      seed = last[2];
      INFO(kernel->name);
      if (thousand == 1) REQUIRE(seed == record["after_1"]);
      if (thousand == 10) REQUIRE(seed == record["after_10"]);
    }
  }
}

TEMPLATE_TEST_CASE("hash: a million times a (FIPS 180-4)", "", sha1_rig, sha256_rig, sha512_rig) {
  const octets part(1000, 'a');
  typename TestType::hash hash;
  for (int i = 0; i < 1000; ++i) hash.update(part);
  CHECK(finished(hash) == support::from_hex(a_million_times_a(static_cast<TestType*>(nullptr))));
}

TEMPLATE_TEST_CASE("hash: every length, cut around every border, on every kernel", "", sha1_rig, sha256_rig,
                   sha512_rig) {
  using hash = typename TestType::hash;
  constexpr std::size_t max_len = 1100;
  const octets message = support::pattern_bytes(1, max_len);
  support::guard_pages memory(max_len), digest_memory(hash::digest_len);
  for (const auto* kernel : support::runnable(TestType::candidates())) {
    support::row row;
    for (const std::size_t len : support::lengths_to(max_len)) {
      const octets expected = support::model_digest<TestType>(support::pattern_bytes(1, len));
      for (const auto at : {support::edge::start, support::edge::end}) {
        const const_bytes whole(memory.place(at, const_bytes(message).first(len)), len);
        for (const std::size_t cut : cuts_of(len, hash::block_len)) {
          hash h(*kernel);
          h.update(whole.first(cut));
          h.update(whole.subspan(cut));
          std::uint8_t* out = digest_memory.place(at, hash::digest_len);
          h.finish(std::span<std::uint8_t, hash::digest_len>(out, hash::digest_len));
          const bool right = support::same_bytes(out, expected.data(), hash::digest_len) &&
                             digest_memory.intact_around(out, hash::digest_len);
          row.judge(right ? nullptr : "wrong digest",
                    [&] { return std::to_string(len) + " bytes cut at " + std::to_string(cut); });
        }
      }
    }
    INFO(kernel->name);
    REQUIRE_ROW(row);
  }
}

TEMPLATE_TEST_CASE("hash: pieces of every size give the same digest", "", sha1_rig, sha256_rig, sha512_rig) {
  using hash = typename TestType::hash;
  const octets message = support::pattern_bytes(2, 500);
  const octets expected = support::model_digest<TestType>(message);
  for (std::size_t size = 1; size <= 2 * hash::block_len + 2; ++size) {
    hash h;
    for (std::size_t at = 0; at < message.size(); at += size) {
      h.update(const_bytes(message).subspan(at, at + size < message.size() ? size : message.size() - at));
      h.update({});
    }
    INFO("pieces of " << size);
    REQUIRE(finished(h) == expected);
  }
}

TEMPLATE_TEST_CASE("hash: a chaining value can be continued", "", sha1_rig, sha256_rig, sha512_rig) {
  using hash = typename TestType::hash;
  const octets message = support::pattern_bytes(3, 600);
  hash first;
  first.update(const_bytes(message).first(2 * hash::block_len));
  hash second(first.chaining_value(), 2 * hash::block_len, hash::best_kernel());
  second.update(const_bytes(message).subspan(2 * hash::block_len));
  CHECK(finished(second) == support::model_digest<TestType>(message));
}

TEMPLATE_TEST_CASE("hash: the length field of messages too long to hold", "", sha1_rig, sha256_rig, sha512_rig) {
  using hash = typename TestType::hash;
  const octets end = support::pattern_bytes(4, 300);
  for (const std::uint64_t before :
       {std::uint64_t{1} << 29, std::uint64_t{1} << 32, (std::uint64_t{1} << 61) - 128, std::uint64_t{1} << 61,
        (std::uint64_t{1} << 63) + 256, ~std::uint64_t{0} - 1023}) {
    for (const std::size_t len : {std::size_t{0}, std::size_t{111}, std::size_t{112}, std::size_t{300}}) {
      const octets message(end.begin(), end.begin() + static_cast<std::ptrdiff_t>(len));
      const auto blocks = support::padded<TestType>(message, before);
      auto expected = support::random_state<TestType>(before);
      hash h(expected, before, hash::best_kernel());
      h.update(message);
      support::reference(TestType::candidates()).compress(expected, blocks.data(), blocks.size() / hash::block_len);
      INFO(len << " bytes after " << before);
      REQUIRE(finished(h) == support::digest_of(expected));
    }
  }
}
