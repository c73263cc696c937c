// SPDX-License-Identifier: BSL-1.0
// ChaCha20-Poly1305 and XChaCha20-Poly1305 on every kernel: the public API and the kernel tables.
#include "chacha20_poly1305.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <sotto/crypto/chacha20_poly1305.hpp>
#include <sotto/crypto/xchacha20_poly1305.hpp>
#include <type_traits>
#include <utility>

#include "kernels.hpp"

namespace vectors {
namespace {

namespace crypto = sotto::crypto;
namespace kernels = sotto::kernels::chacha20_poly1305;

constexpr std::size_t tag_len = sotto::kernels::aead_tag_len;

kernels::key key_of(const bytes& from) {
  kernels::key out{};
  std::copy(from.begin(), from.end(), out.bytes);
  return out;
}

/// What the packet calls take: key and nonce themselves, or for a nonce of 24 bytes what they turn into
/// (draft-irtf-cfrg-xchacha 2.3).
struct packet_key {
  kernels::key key;
  bytes nonce;
};

packet_key packet_key_of(const kernels::kernel& table, const aead_vector& v) {
  packet_key out{key_of(v.key), v.nonce};
  if (v.nonce.size() == sotto::kernels::aead_nonce_len) return out;
  table.hchacha20(key_of(v.key), v.nonce.data(), out.key);
  out.nonce.assign(4, 0);
  out.nonce.insert(out.nonce.end(), v.nonce.begin() + 16, v.nonce.end());
  return out;
}

/// The packet calls with the last `tail_len` bytes of the associated data elsewhere in memory, and a flipped bit in
/// each byte of the tag.
void check_packet_calls(test_case& c, const std::string& kernel, const kernels::kernel& table, const aead_case& test,
                        std::size_t tail_len) {
  const aead_vector& v = test.v;
  const packet_key k = packet_key_of(table, v);
  const auto head_end = v.aad.end() - static_cast<std::ptrdiff_t>(tail_len);
  const bytes head(v.aad.begin(), head_end), tail(head_end, v.aad.end());
  const auto packet = [&](const bytes& in, guarded& out) {
    return sotto::kernels::aead_packet{k.nonce.data(), head.data(), head.size(),       tail.data(),
                                       tail.size(),    in.data(),   out.span().data(), in.size()};
  };
  guarded text(v.plaintext.size()), tag(tag_len);
  table.seal(k.key, packet(v.plaintext, text), tag.span().data());
  c.same(kernel, "ciphertext of a packet call", v.ciphertext, text.span());
  c.require(kernel, equal(v.tag, tag.span()) == test.valid, "the tag of a packet call is wrong");
  c.require(kernel, text.guard_intact() && tag.guard_intact(), "a packet call wrote behind its output");

  guarded back(v.ciphertext.size());
  for (std::size_t i = 0; i < tag_len; ++i) {
    bytes changed = copy_of(tag.span());
    changed[i] ^= static_cast<std::uint8_t>(1u << i % 8);
    c.require(kernel, !table.open(k.key, packet(v.ciphertext, back), changed.data()),
              "a packet call accepted a changed tag");
  }
  if (!test.valid)
    c.require(kernel, !table.open(k.key, packet(v.ciphertext, back), v.tag.data()),
              "a packet call accepted an invalid tag");
  c.require(kernel, back.untouched(), "a packet call wrote in spite of a wrong tag");
  if (!test.valid) return;
  c.require(kernel, table.open(k.key, packet(v.ciphertext, back), v.tag.data()), "a packet call refused the tag");
  c.same(kernel, "plaintext of a packet call", v.plaintext, back.span());
  c.require(kernel, back.guard_intact(), "a packet call wrote behind its output");
}

/// RFC 8439 2.8: what the tag is computed over.
bytes authenticated(const aead_vector& v) {
  bytes out;
  for (const bytes* part : {&v.aad, &v.ciphertext}) {
    out.insert(out.end(), part->begin(), part->end());
    out.resize((out.size() + 15) / 16 * 16);
  }
  for (const bytes* part : {&v.aad, &v.ciphertext})
    for (std::size_t i = 0; i < 8; ++i)
      out.push_back(static_cast<std::uint8_t>(std::uint64_t{part->size()} >> (8 * i)));
  return out;
}

/// The steps of RFC 8439 2.8 one by one: one-time key, cipher and authenticator.
void check_parts(test_case& c, const std::string& kernel, const kernels::kernel& table, const aead_case& test) {
  const packet_key k = packet_key_of(table, test.v);
  const bytes zeros(32);
  bytes one_time_key(zeros.size()), text(test.v.plaintext.size()), tag(tag_len);
  table.chacha20(k.key, 0, k.nonce.data(), zeros.data(), one_time_key.data(), zeros.size());
  if (!test.one_time_key.empty()) c.same(kernel, "one-time key", test.one_time_key, one_time_key);
  table.chacha20(k.key, 1, k.nonce.data(), test.v.plaintext.data(), text.data(), text.size());
  c.same(kernel, "ciphertext of the cipher alone", test.v.ciphertext, text);
  const bytes message = authenticated(test.v);
  table.poly1305(one_time_key.data(), message.data(), message.size(), tag.data());
  c.require(kernel, equal(test.v.tag, tag) == test.valid, "the tag of the authenticator alone is wrong");
}

/// What one kernel's batch calls make of all cases together, each under its own key: messages of all lengths, sound and
/// forged, side by side.
class batch {
 public:
  batch(const kernels::kernel& table, const std::vector<aead_case>& cases) {
    std::vector<packet_key> keys;
    for (const auto& test : cases) {
      keys.push_back(packet_key_of(table, test.v));
      sealed_.emplace_back(test.v.plaintext.size());
      opened_.emplace_back(test.v.ciphertext.size());
      made_tags_.emplace_back(tag_len);
      given_tags_.push_back(test.v.tag);
    }
    std::vector<kernels::job> sealing, opening;
    for (std::size_t i = 0; i < cases.size(); ++i) {
      const aead_vector& v = cases[i].v;
      const auto job = [&](const bytes& in, guarded& out, std::uint8_t* tag) {
        return kernels::job{
            &keys[i].key,
            {keys[i].nonce.data(), v.aad.data(), v.aad.size(), nullptr, 0, in.data(), out.span().data(), in.size()},
            tag,
            false};
      };
      sealing.push_back(job(v.plaintext, sealed_[i], made_tags_[i].span().data()));
      opening.push_back(job(v.ciphertext, opened_[i], given_tags_[i].data()));
    }
    table.seal_batch(sealing.data(), sealing.size());
    table.open_batch(opening.data(), opening.size());
    for (const auto& job : opening) authentic_.push_back(job.authentic);
  }

  void check(test_case& c, const std::string& kernel, const aead_case& test, std::size_t at) {
    c.same(kernel, "ciphertext in a batch", test.v.ciphertext, sealed_[at].span());
    c.require(kernel, equal(test.v.tag, made_tags_[at].span()) == test.valid, "the tag in a batch is wrong");
    c.require(kernel, authentic_[at] == test.valid,
              test.valid ? "a batch refused the message" : "a batch accepted an invalid message");
    c.same(kernel, "the tag given to a batch", test.v.tag, given_tags_[at]);
    if (test.valid)
      c.same(kernel, "plaintext in a batch", test.v.plaintext, opened_[at].span());
    else
      c.require(kernel, opened_[at].untouched(), "a batch wrote the output of an invalid message");
    for (const guarded* out : {&sealed_[at], &opened_[at], &made_tags_[at]})
      c.require(kernel, out->guard_intact(), "a batch wrote behind an output");
  }

 private:
  std::vector<guarded> sealed_, opened_, made_tags_;
  std::vector<bytes> given_tags_;
  std::vector<bool> authentic_;
};

template <class Body>
void on_each_kernel(report& r, const Body& body) {
  on_each(kernels::candidates(), "chacha20_poly1305", r, body);
}

/// Stands in for the batch calls of an AEAD that has none.
struct no_batches {
  no_batches(const kernels::kernel&, const std::vector<aead_case>&) {}
  void check(test_case&, const std::string&, const aead_case&, std::size_t) {}
};

template <class Aead>
using public_batches = std::conditional_t < requires {
  typename Aead::job;
}
, aead_batch_check<Aead>, no_batches > ;

template <class Aead>
struct batches {
  batch packets;
  public_batches<Aead> messages;
};

template <class Aead>
void run_cases(const std::vector<aead_case>& cases, report& r) {
  std::vector<batches<Aead>> of_kernels;
  on_each_kernel(r, [&](const auto& table, const std::string&) {
    of_kernels.push_back({batch(table, cases), public_batches<Aead>(table, cases)});
  });
  for (std::size_t i = 0; i < cases.size(); ++i) {
    const aead_case& test = cases[i];
    r.run(test.id, [&](test_case& c) {
      std::size_t at = 0;
      on_each_kernel(r, [&](const auto& table, const std::string& kernel) {
        auto& made = of_kernels[at++];
        made.packets.check(c, kernel, test, i);
        made.messages.check(c, kernel, test, i);
        for (const std::size_t most : {std::size_t{0}, std::size_t{4}, sotto::kernels::aead_aad_tail_max})
          check_packet_calls(c, kernel, table, test, std::min(most, test.v.aad.size()));
        check_parts(c, kernel, table, test);
        const auto key = Aead::create(test.v.key, table);
        if (!c.require(kernel, key.has_value(), "the key was refused")) return;
        if (test.valid)
          check_round_trip(c, kernel, *key, test.v);
        else
          check_invalid(c, kernel, *key, test.v);
      });
    });
  }
}

}  // namespace

void run_chacha20_poly1305(const std::vector<aead_case>& cases, report& r) {
  run_cases<crypto::chacha20_poly1305>(cases, r);
}

void run_xchacha20_poly1305(const std::vector<aead_case>& cases, report& r) {
  run_cases<crypto::xchacha20_poly1305>(cases, r);
}

}  // namespace vectors
