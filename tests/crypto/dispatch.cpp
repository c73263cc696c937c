// SPDX-License-Identifier: BSL-1.0
// Which kernel an object is bound to follows from the features that are not hidden, by a table written here by hand,
// and the answers are right under every single mask and every pair of masks.
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "sotto/crypto.hpp"
#include "sotto/kernels/aes_cm_hmac_sha1/select.hpp"
#include "support/catch.hpp"
#include "support/cpu_mask.hpp"
#include "support/hex.hpp"
#include "support/vector_file.hpp"

using sotto::cpu::available;
using sotto::cpu::feature_set;
using octets = std::vector<std::uint8_t>;

namespace {

constexpr std::uint32_t aesni = SOTTO_ISA_SSSE3 | SOTTO_ISA_SSE41 | SOTTO_ISA_AES | SOTTO_ISA_PCLMUL;
constexpr std::uint32_t vaes256 = aesni | SOTTO_ISA_AVX2 | SOTTO_ISA_VAES | SOTTO_ISA_VPCLMUL;
constexpr std::uint32_t vaes512 = vaes256 | SOTTO_ISA_AVX512 | SOTTO_ISA_BMI2;
constexpr std::uint32_t arm_aes = SOTTO_ISA_ARM_NEON | SOTTO_ISA_ARM_AES | SOTTO_ISA_ARM_PMULL;
constexpr std::uint32_t arm_sha1 = SOTTO_ISA_ARM_NEON | SOTTO_ISA_ARM_SHA1 | SOTTO_ISA_ARM_SHA2;

struct rule {
  const char* name;
  std::uint32_t needs;
};

// Not taken from the candidate lists: a mistake there must show here.
constexpr rule aes_rules[] = {
    {"x86_vaes512", vaes512}, {"x86_vaes256", vaes256}, {"x86_aesni", aesni}, {"arm_aes", arm_aes}, {"portable", 0}};
constexpr rule sha1_rules[] = {
    {"x86_shani", SOTTO_ISA_SSSE3 | SOTTO_ISA_SSE41 | SOTTO_ISA_SHA}, {"arm_sha1", arm_sha1}, {"portable", 0}};
constexpr rule sha256_rules[] = {{"x86_shani", SOTTO_ISA_SSSE3 | SOTTO_ISA_SSE41 | SOTTO_ISA_SHA},
                                 {"arm_sha2", SOTTO_ISA_ARM_NEON | SOTTO_ISA_ARM_SHA2},
                                 {"portable", 0}};
constexpr rule stitched_rules[] = {
    {"x86_vaes512_shani", vaes512 | SOTTO_ISA_SHA}, {"x86_vaes256_shani", vaes256 | SOTTO_ISA_SHA},
    {"x86_aesni_shani", aesni | SOTTO_ISA_SHA},     {"x86_aesni", aesni},
    {"arm_aes_sha1", arm_aes | arm_sha1},           {"portable", 0}};

constexpr std::uint32_t avx2 = SOTTO_ISA_SSSE3 | SOTTO_ISA_SSE41 | SOTTO_ISA_AVX2 | SOTTO_ISA_BMI2;
// Multiplications of 64 by 64 bits run beside the widest vectors; on 32-bit machines nothing meets that rule.
constexpr std::uint32_t wide_multiply = sizeof(void*) == 8 ? 0 : 0x40000000u;
constexpr rule chacha_rules[] = {{"x86_ifma", avx2 | SOTTO_ISA_AVX512 | SOTTO_ISA_IFMA | wide_multiply},
                                 {"x86_avx2", avx2},
                                 {"x86_ssse3", SOTTO_ISA_SSSE3},
                                 {"arm_neon", SOTTO_ISA_ARM_NEON},
                                 {sizeof(void*) == 8 ? "portable_64" : "portable_32", 0}};

// Four lanes and eight need a compiler's 128-bit products beside them, and the assembly is 64-bit: as above.
constexpr rule x25519_rules[] = {{"x86_ifma", avx2 | SOTTO_ISA_AVX512 | SOTTO_ISA_IFMA | wide_multiply},
                                 {"x86_avx2", avx2 | wide_multiply},
                                 {"x86_adx", SOTTO_ISA_BMI2 | SOTTO_ISA_ADX | wide_multiply},
                                 {sizeof(void*) == 8 ? "portable_51" : "portable_25", 0}};

std::string expected(std::span<const rule> rules) {
  for (const rule& r : rules)
    if (available().contains(feature_set(r.needs))) return r.name;
  return "none";
}

template <class A>
bool aead_is_right(const A& aead, const support::vector_record& v) {
  octets out(v["plaintext"].size() + 16), sealed = v["ciphertext"];
  sealed.insert(sealed.end(), v["tag"].begin(), v["tag"].end());
  const typename A::nonce n(std::span<const std::uint8_t, A::nonce_len>(v["nonce"].data(), A::nonce_len));
  return aead.seal(n, v["aad"], v["plaintext"], out).has_value() && out == sealed &&
         aead.open(n, v["aad"], out, out).has_value() && octets(out.begin(), out.end() - 16) == v["plaintext"];
}

template <class Hash>
std::size_t wrong_digests(const std::vector<support::vector_record>& vectors) {
  std::size_t wrong = 0;
  for (const auto& v : vectors) {
    Hash hash;
    octets digest(Hash::digest_len);
    hash.update(v["message"]);
    hash.finish(std::span<std::uint8_t, Hash::digest_len>(digest));
    wrong += digest != v["digest"];
  }
  return wrong;
}

template <class Mac>
std::size_t wrong_tags(const std::vector<support::vector_record>& vectors) {
  std::size_t wrong = 0;
  for (const auto& v : vectors)
    wrong += Mac(v["key"]).verify(v["message"], v["tag"]).has_value() != (v["tag"].size() >= Mac::min_tag_len);
  return wrong;
}

template <class Hash>
std::size_t wrong_keys(const std::vector<support::vector_record>& vectors) {
  namespace crypto = sotto::crypto;
  std::size_t wrong = 0;
  for (const auto& v : vectors) {
    const auto key = crypto::hkdf<Hash>::extract(crypto::hkdf_salt(v["salt"]), crypto::hkdf_input(v["input"]));
    octets out(v["output"].size());
    wrong += !crypto::hkdf<Hash>::expand(key, crypto::hkdf_info(v["info"]), out).has_value() || out != v["output"];
  }
  return wrong;
}

/// RFC 7748 6.1: two secret keys, Bob's public key, and the secret they share.
bool x25519_is_right() {
  namespace crypto = sotto::crypto;
  using kdf = crypto::hkdf<crypto::sha256>;
  const auto key = [](const char* hex) {
    const octets secret = support::from_hex(hex);
    return crypto::x25519::static_key::from_secret(std::span<const std::uint8_t, 32>(secret.data(), 32));
  };
  const auto alice = key("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a");
  const auto bob = key("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb");
  const octets bob_public = support::from_hex("de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f");
  const octets shared = support::from_hex("4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742");
  const auto peer = crypto::x25519::public_key::parse(bob_public);
  const auto agreed = alice.agree(*peer);
  if (!agreed || !(bob.public_key() == *peer)) return false;
  octets derived(32), expected_key(32);
  const auto from = kdf::extract(crypto::hkdf_salt(), crypto::hkdf_input(shared));
  return kdf::expand(agreed->extract<crypto::sha256>(crypto::hkdf_salt()), crypto::hkdf_info(), derived).has_value() &&
         kdf::expand(from, crypto::hkdf_info(), expected_key).has_value() && derived == expected_key;
}

/// A long text, since wide kernels treat short ones specially: sealed under no mask, opened under each.
struct long_packet {
  octets key = octets(16, 7), nonce = octets(12, 9), aad = octets(12, 3), text = octets(1200, 5), sealed = octets(1216);
};

sotto::crypto::aes_gcm::nonce nonce_of(const octets& b) {
  return sotto::crypto::aes_gcm::nonce(std::span<const std::uint8_t, 12>(b.data(), 12));
}

}  // namespace

TEST_CASE("dispatch: the kernel's name follows from the features left, and its answers are right") {
  const auto gcm_vectors = support::read_vectors("aes_gcm.txt");
  const auto chacha_vectors = support::read_vectors("chacha20_poly1305.txt");
  const auto xchacha_vectors = support::read_vectors("xchacha20_poly1305.txt");
  const auto ctr_vectors = support::read_vectors("aes_ctr.txt");
  const auto sha1_vectors = support::read_vectors("sha1.txt"), sha256_vectors = support::read_vectors("sha256.txt"),
             sha512_vectors = support::read_vectors("sha512.txt");
  const auto sha1_macs = support::read_vectors("hmac_sha1.txt"), sha256_macs = support::read_vectors("hmac_sha256.txt"),
             sha512_macs = support::read_vectors("hmac_sha512.txt");
  const auto sha1_keys = support::read_vectors("hkdf_sha1.txt"), sha256_keys = support::read_vectors("hkdf_sha256.txt"),
             sha512_keys = support::read_vectors("hkdf_sha512.txt");
  long_packet p;
  REQUIRE(sotto::crypto::aes_gcm::create(p.key)->seal(nonce_of(p.nonce), p.aad, p.text, p.sealed).has_value());

  for (const auto hidden : support::all_masks()) {
    const support::cpu_mask mask(hidden);
    INFO("hidden: " << support::names_of(hidden));

    std::size_t wrong = 0;
    for (const auto& v : gcm_vectors) wrong += !aead_is_right(*sotto::crypto::aes_gcm::create(v["key"]), v);
    const auto gcm = *sotto::crypto::aes_gcm::create(p.key);
    octets opened(1200);
    wrong += !gcm.open(nonce_of(p.nonce), p.aad, p.sealed, opened).has_value() || opened != p.text;
    for (const auto& v : chacha_vectors)
      wrong += !aead_is_right(*sotto::crypto::chacha20_poly1305::create(v["key"]), v);
    for (const auto& v : xchacha_vectors)
      wrong += !aead_is_right(*sotto::crypto::xchacha20_poly1305::create(v["key"]), v);
    for (const auto& v : ctr_vectors) {
      const auto ctr = *sotto::crypto::aes_ctr::create(v["key"]);
      octets out(v["plaintext"].size());
      wrong += !ctr.apply(std::span<const std::uint8_t, 16>(v["counter"].data(), 16), v["plaintext"], out).has_value();
      wrong += out != v["ciphertext"];
    }
    wrong += !x25519_is_right();
    wrong += wrong_digests<sotto::crypto::sha1>(sha1_vectors);
    wrong += wrong_digests<sotto::crypto::sha256>(sha256_vectors);
    wrong += wrong_digests<sotto::crypto::sha512>(sha512_vectors);
    wrong += wrong_tags<sotto::crypto::hmac_sha1>(sha1_macs);
    wrong += wrong_tags<sotto::crypto::hmac_sha256>(sha256_macs);
    wrong += wrong_tags<sotto::crypto::hmac_sha512>(sha512_macs);
    wrong += wrong_keys<sotto::crypto::sha1>(sha1_keys);
    wrong += wrong_keys<sotto::crypto::sha256>(sha256_keys);
    wrong += wrong_keys<sotto::crypto::sha512>(sha512_keys);
    REQUIRE(wrong == 0);

    REQUIRE(gcm.kernel_name() == expected(aes_rules));
    REQUIRE(sotto::crypto::aes_ctr::create(p.key)->kernel_name() == expected(aes_rules));
    const octets chacha_key(32);
    REQUIRE(sotto::crypto::chacha20_poly1305::create(chacha_key)->kernel_name() == expected(chacha_rules));
    REQUIRE(sotto::crypto::xchacha20_poly1305::create(chacha_key)->kernel_name() == expected(chacha_rules));
    REQUIRE(sotto::crypto::sha1::best_kernel().name == expected(sha1_rules));
    REQUIRE(sotto::crypto::sha256::best_kernel().name == expected(sha256_rules));
    REQUIRE(sotto::crypto::sha512::best_kernel().name == std::string("portable"));
    const octets scalar(32);
    const auto x25519 =
        sotto::crypto::x25519::static_key::from_secret(std::span<const std::uint8_t, 32>(scalar.data(), 32));
    REQUIRE(x25519.kernel_name() == expected(x25519_rules));
    REQUIRE(sotto::kernels::aes_cm_hmac_sha1::select().name == expected(stitched_rules));
  }
}

#if !defined(SOTTO_FORCE_ISA)
TEST_CASE("dispatch: an object keeps the kernel that expanded its key") {
  long_packet p;
  const auto before = *sotto::crypto::aes_gcm::create(p.key);
  const std::string name = before.kernel_name();
  const support::cpu_mask mask(feature_set(0x7fffffffu));
  const auto after = *sotto::crypto::aes_gcm::create(p.key);
  CHECK(after.kernel_name() == std::string("portable"));
  CHECK(before.kernel_name() == name);
  octets opened(1200);
  REQUIRE(before.seal(nonce_of(p.nonce), p.aad, p.text, p.sealed).has_value());
  REQUIRE(after.open(nonce_of(p.nonce), p.aad, p.sealed, opened).has_value());
  CHECK(opened == p.text);
}
#endif
