// SPDX-License-Identifier: BSL-1.0
// NIST's response files: AES-ECB (AESAVS), AES-GCM (GCMVS), SHA (SHAVS), HMAC (HMACVS) and SRTP's key derivation
// (SP 800-135).
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <sotto/crypto/aes_ctr.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "formats.hpp"
#include "gcm.hpp"
#include "hashes.hpp"
#include "hmac.hpp"
#include "kernels.hpp"
#include "key_derivation.hpp"
#include "rsp.hpp"
#include "skip_reasons.hpp"

namespace vectors {
namespace {

namespace kernels = sotto::kernels;
namespace crypto = sotto::crypto;

constexpr char other_hash_reason[] = "hashes other than SHA-1, SHA-256 and SHA-512 aren't part of the library";

// --- AES-ECB ---

bool encrypting(const rsp_record& record) {
  if (record.section != "ENCRYPT" && record.section != "DECRYPT")
    throw malformed(record.id() + ": neither in [ENCRYPT] nor in [DECRYPT]");
  return record.section == "ENCRYPT";
}

void check_ecb(const rsp_record& record, report& r) {
  const bytes key = record.hex("KEY"), plaintext = record.hex("PLAINTEXT"), expected = record.hex("CIPHERTEXT");
  if (plaintext.size() != expected.size()) throw malformed(record.id() + ": texts of unequal length");
  r.run(record.id(), [&](test_case& c) {
    on_each(kernels::aes::candidates(), "aes", r, [&](const auto& table, const std::string& kernel) {
      const auto aes = crypto::aes_ctr::create(key, table);
      if (!c.require(kernel, aes.has_value(), "the key was refused")) return;
      guarded out(plaintext.size());
      const auto result = aes->encrypt_blocks(plaintext, out.span());
      if (c.require(kernel, result.has_value(), "encryption failed")) c.same(kernel, "ciphertext", expected, *result);
      c.require(kernel, out.guard_intact(), "encryption wrote behind its output");
      bytes buffer = plaintext;
      if (c.require(kernel, aes->encrypt_blocks(buffer, buffer).has_value(), "encryption in place failed"))
        c.same(kernel, "ciphertext in place", expected, buffer);
    });
  });
}

/// One outer step of the Monte Carlo test (AESAVS 6.4.1): 1000 encryptions, then the key that the next step starts
/// from. The text is replaced by the ciphertext.
bool monte_carlo_step(bytes& key, bytes& text, const kernels::aes::kernel& table) {
  const auto aes = crypto::aes_ctr::create(key, table);
  if (!aes) return false;
  bytes previous;
  for (int i = 0; i < 1000; ++i) {
    previous = text;
    if (!aes->encrypt_blocks(text, text)) return false;
  }
  // The key's length in bytes from the end of CT[998] || CT[999].
  const bytes both = joined(previous, text);
  for (std::size_t i = 0; i < key.size(); ++i) key[i] ^= both[both.size() - key.size() + i];
  return true;
}

void check_ecb_monte_carlo(const std::vector<rsp_record>& records, report& r) {
  struct chain {
    bytes key, text;
  };
  std::vector<chain> chains;  // one per kernel: each follows its own results from the first record on
  for (const auto& record : records) {
    if (!encrypting(record)) {
      r.skip(decryption_reason);
      continue;
    }
    const bytes key = record.hex("KEY"), plaintext = record.hex("PLAINTEXT"), expected = record.hex("CIPHERTEXT");
    if (plaintext.size() != crypto::aes_ctr::block_len) throw malformed(record.id() + ": not one block");
    r.run(record.id(), [&](test_case& c) {
      std::size_t at = 0;
      on_each(kernels::aes::candidates(), "aes", r, [&](const auto& table, const std::string& kernel) {
        if (at == chains.size()) chains.push_back({key, plaintext});
        chain& mine = chains[at++];
        c.same(kernel, "key", key, mine.key);
        c.same(kernel, "plaintext", plaintext, mine.text);
        if (c.require(kernel, monte_carlo_step(mine.key, mine.text, table), "encryption failed"))
          c.same(kernel, "ciphertext", expected, mine.text);
      });
    });
  }
}

void run_ecb(const rsp_file& file, report& r) {
  if (file.header.find("MCT") != std::string::npos) return check_ecb_monte_carlo(file.records, r);
  for (const auto& record : file.records)
    if (encrypting(record))
      check_ecb(record, r);
    else
      r.skip(decryption_reason);
}

// --- AES-GCM ---

void run_gcm(const rsp_file& file, report& r) {
  for (const auto& record : file.records) {
    const aead_vector v{record.hex("Key"), record.hex("IV"), record.hex("AAD"),
                        record.hex("PT"),  record.hex("CT"), record.hex("Tag")};
    if (v.tag.size() * 8 != record.parameter("Taglen") || v.tag.size() > 16)
      throw malformed(record.id() + ": Tag and Taglen contradict one another");
    if (v.plaintext.size() != v.ciphertext.size()) throw malformed(record.id() + ": texts of unequal length");
    if (v.nonce.size() != 12)
      r.skip(gcm_nonce_reason);
    else
      r.run(record.id(), [&](test_case& c) { check_gcm_valid(r, c, v); });
  }
}

// --- SHA ---

template <class Hash>
bytes digest_of(const typename Hash::kernel& table, std::initializer_list<sotto::const_bytes> pieces) {
  Hash hash(table);
  for (const auto piece : pieces) hash.update(piece);
  bytes out(Hash::digest_len);
  hash.finish(std::span<std::uint8_t, Hash::digest_len>(out));
  return out;
}

template <class Hash>
void check_message(const rsp_record& record, report& r) {
  const bytes expected = record.hex("MD");
  bytes message = record.hex("Msg");
  const std::uint64_t bits = record.number("Len");
  if (bits % 8 != 0) return r.skip("messages that aren't whole bytes");
  if (bits / 8 > message.size()) throw malformed(record.id() + ": Msg is shorter than Len");
  message.resize(static_cast<std::size_t>(bits / 8));  // "Len = 0" comes with "Msg = 00"
  r.run(record.id(), [&](test_case& c) {
    on_each_hash<Hash>(r, [&](const auto& table, const std::string& kernel) {
      const auto whole = sotto::const_bytes(message);
      c.same(kernel, "digest", expected, digest_of<Hash>(table, {whole}));
      const auto half = whole.size() / 2;
      c.same(kernel, "digest of two pieces", expected,
             digest_of<Hash>(table, {whole.first(half), whole.subspan(half)}));
    });
  });
}

/// One outer step of SHAVS 6.4: the digest of 1000 chained messages replaces the seed.
template <class Hash>
void monte_carlo_step(bytes& seed, const typename Hash::kernel& table) {
  bytes a = seed, b = seed, c = seed;
  for (int i = 0; i < 1000; ++i) {
    bytes next = digest_of<Hash>(table, {a, b, c});
    a.swap(b);
    b.swap(c);
    c.swap(next);
  }
  seed = c;
}

template <class Hash>
void run_monte_carlo(const rsp_file& file, report& r) {
  const bytes seed = file.records.front().hex("Seed");
  if (seed.size() != Hash::digest_len) throw malformed("Seed hasn't the length of a digest");
  std::vector<bytes> seeds;  // one per kernel
  for (std::size_t i = 1; i < file.records.size(); ++i) {
    const auto& record = file.records[i];
    const bytes expected = record.hex("MD");
    r.run(record.id(), [&](test_case& c) {
      std::size_t at = 0;
      on_each_hash<Hash>(r, [&](const auto& table, const std::string& kernel) {
        if (at == seeds.size()) seeds.push_back(seed);
        monte_carlo_step<Hash>(seeds[at], table);
        c.same(kernel, "digest", expected, seeds[at++]);
      });
    });
  }
}

template <class Hash>
void run_hash(const rsp_file& file, report& r) {
  if (file.records.front().has("Seed")) return run_monte_carlo<Hash>(file, r);
  for (const auto& record : file.records) check_message<Hash>(record, r);
}

void run_sha(const rsp_file& file, report& r) {
  switch (file.records.front().parameter("L")) {
    case sha1::digest_len: return run_hash<sha1>(file, r);
    case sha256::digest_len: return run_hash<sha256>(file, r);
    case sha512::digest_len: return run_hash<sha512>(file, r);
    default: return r.skip(other_hash_reason, file.records.size() - (file.records.front().has("Seed") ? 1 : 0));
  }
}

// --- HMAC ---

template <class Hash>
void check_hmac(const rsp_record& record, report& r) {
  const hmac_vector v{record.hex("Key"), record.hex("Msg"), record.hex("Mac")};
  if (record.number("Klen") != v.key.size() || record.number("Tlen") != v.tag.size())
    throw malformed(record.id() + ": lengths contradict the values");
  r.run(record.id(), [&](test_case& c) { check_hmac_valid<Hash>(r, c, v); });
}

void run_hmac(const rsp_file& file, report& r) {
  for (const auto& record : file.records) switch (record.parameter("L")) {
      case sha1::digest_len: check_hmac<sha1>(record, r); break;
      case sha256::digest_len: check_hmac<sha256>(record, r); break;
      case sha512::digest_len: check_hmac<sha512>(record, r); break;
      default: r.skip(other_hash_reason);
    }
}

// --- SRTP key derivation ---

void run_srtp_kdf(const rsp_file& file, report& r) {
  for (const auto& record : file.records) {
    const auto number = [&](const char* name) { return to_number(record.hex(name), record.id() + ": " + name); };
    const std::uint64_t rate = number("kdr"), index = number("index");
    // RFC 3711 4.3.1: r = index DIV key_derivation_rate, and 0 for rate 0.
    const std::uint64_t quotient = rate == 0 ? 0 : index / rate;
    const bytes key = record.hex("k_master"), salt = record.hex("master_salt");
    r.run(record.id(), [&](test_case& c) {
      check_derived(r, c, {key, salt, 0x00, quotient, record.hex("SRTP k_e")}, "cipher key");
      check_derived(r, c, {key, salt, 0x01, quotient, record.hex("SRTP k_a")}, "authentication key");
      check_derived(r, c, {key, salt, 0x02, quotient, record.hex("SRTP k_s")}, "salt");
    });
  }
}

}  // namespace

void run_nist(std::string_view text, report& r) {
  const rsp_file file = parse_rsp(text);
  if (file.records.empty()) throw malformed("neither JSON nor a NIST response file with records");
  const auto says = [&](const char* words) { return file.header.find(words) != std::string::npos; };
  const rsp_record& first = file.records.front();
  if (says("AESVS") && says("for ECB")) return run_ecb(file, r);
  if (says("GCM Encrypt")) return run_gcm(file, r);
  if (first.has("Mac") && first.has("Tlen")) return run_hmac(file, r);
  if ((first.has("MD") || first.has("Seed")) && says("SHA")) return run_sha(file, r);
  if (says("'SRTP' information")) return run_srtp_kdf(file, r);
  throw malformed("a NIST response file of unknown kind");
}

}  // namespace vectors
