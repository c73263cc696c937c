// SPDX-License-Identifier: BSL-1.0
// Sotto's rows of bare AEADs, one packet or many per call, and what they must give.
#include <cstddef>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <sotto/crypto.hpp>

#include "aead.hpp"
#include "rows.hpp"

namespace bench {
namespace {

namespace crypto = sotto::crypto;
namespace kernels = sotto::kernels;

/// Keyed objects of a façade.
template <class A, auto Candidates>
struct maker {
  using type = A;
  static A best(const aead_key& key) { return A::create(key).value(); }
  /// The list's last kernel is the constant-time reference.
  static A reference(const aead_key& key) { return A::create(key, *Candidates().back().kernel).value(); }
};
using gcm = maker<crypto::aes_gcm, &kernels::aes_gcm::candidates>;
using chacha = maker<crypto::chacha20_poly1305, &kernels::chacha20_poly1305::candidates>;

template <class Use>
auto dispatch(bare_aead a, Use use) {
  return a == bare_aead::chacha20_poly1305 ? use(chacha()) : use(gcm());
}

template <class A>
bool seal(const A& aead, const bare_packet& p) noexcept {
  return aead
      .seal(typename A::nonce(std::span<const std::uint8_t, A::nonce_len>(p.nonce, A::nonce_len)), {p.aad, header_len},
            {p.text, p.text_len}, {p.text, p.text_len + A::tag_len})
      .has_value();
}

template <class Maker>
class facade {
 public:
  explicit facade(bare_aead a) : aead_(Maker::best(key_for(a))) {}
  bool seal(const bare_packet& p) noexcept { return bench::seal(aead_, p); }
  bool open(const bare_packet& p) noexcept {
    using A = typename Maker::type;
    const std::span sealed(p.text, p.text_len + A::tag_len);
    return aead_
        .open(typename A::nonce(std::span<const std::uint8_t, A::nonce_len>(p.nonce, A::nonce_len)),
              {p.aad, header_len}, sealed, sealed)
        .has_value();
  }

 private:
  typename Maker::type aead_;
};

/// Batches of packets under different keys, as a server has them for its callers.
template <bool Sealing>
class batch {
 public:
  static constexpr std::size_t per_call = 16;

  batch() {
    for (std::size_t i = 0; i < per_call; ++i) keys_.push_back(chacha::best(key_for(algorithm, i)));
  }
  void refill(const ring& packets, std::uint64_t first) {
    nonces n;
    fill(n, first);
    if (Sealing)
      packets.fill(first);
    else
      fill_sealed(packets, algorithm, n, first, per_call);
    jobs_.clear();
    for (std::size_t i = 0; i < packets.size(); ++i) {
      const std::size_t len = packets.payload_len();
      const std::span<std::uint8_t> sealed(packets.payload(i), len + aead_tag_len), text = sealed.first(len);
      jobs_.push_back({.key = &keys_[i % per_call],
                       .nonce = crypto::chacha20_poly1305::nonce(n[i]),
                       .aad = {packets.at(i), header_len},
                       .in = Sealing ? text : sealed,
                       .out = Sealing ? sealed : text});
    }
  }
  bool run(const ring&, std::size_t i) noexcept {
    const std::span now = std::span(jobs_).subspan(i, per_call);
    if (Sealing)
      crypto::chacha20_poly1305::seal_batch(now);
    else
      crypto::chacha20_poly1305::open_batch(now);
    bool all = true;
    for (const auto& job : now) all &= job.outcome.has_value();
    return all;
  }
  bool right(const ring& packets, std::size_t i, std::uint64_t index) const {
    return Sealing ? holds(packets.payload(i), sealed_payload(algorithm, packets, index, i % per_call))
                   : packets.holds_plain_packet(i, index);
  }

 private:
  static constexpr bare_aead algorithm = bare_aead::chacha20_poly1305;
  std::vector<crypto::chacha20_poly1305> keys_;
  std::vector<crypto::chacha20_poly1305::job> jobs_;
};

void add_batch_row(table& t) {
  const std::string algorithm = name(bare_aead::chacha20_poly1305), kernel = aead_kernel(bare_aead::chacha20_poly1305);
  if (t.what == task::seal)
    t.add<batch<true>>("sotto_batch", "seal", algorithm, kernel + ", 16 per call");
  else if (t.what == task::open)
    t.add<batch<false>>("sotto_batch", "open", algorithm, kernel + ", 16 per call");
}

}  // namespace

std::string aead_kernel(bare_aead a) {
  return dispatch(a, [a](auto maker) { return std::string(maker.best(key_for(a)).kernel_name()); });
}

void fill_sealed(const ring& packets, bare_aead a, const nonces& n, std::uint64_t first_index, std::size_t keys) {
  packets.fill(first_index);
  dispatch(a, [&](auto maker) {
    std::vector<typename decltype(maker)::type> all;
    for (std::size_t k = 0; k < keys; ++k) all.push_back(maker.best(key_for(a, k)));
    for (std::size_t i = 0; i < packets.size(); ++i)
      if (!seal(all[i % keys], {n[i].data(), packets.at(i), packets.payload(i), packets.payload_len()}))
        throw std::runtime_error("sealing failed");
  });
}

std::vector<std::uint8_t> sealed_payload(bare_aead a, const ring& packets, std::uint64_t index,
                                         std::size_t key_number) {
  nonces n;
  fill(n, index);
  auto packet = packets.plain_packet(index);
  packet.resize(packet.size() + aead_tag_len);
  std::uint8_t* const text = packet.data() + header_len;
  dispatch(a, [&](auto maker) {
    if (!seal(maker.reference(key_for(a, key_number)), {n[0].data(), packet.data(), text, packets.payload_len()}))
      throw std::runtime_error("sealing failed");
  });
  return {text, packet.data() + packet.size()};
}

void add_sotto_aead_rows(table& t) {
  for (const bare_aead a : aeads_of(t)) {
    const std::string kernel = aead_kernel(a);
    if (a == bare_aead::chacha20_poly1305) {
      add_aead_row<facade<chacha>>(t, "sotto", a, kernel);
      add_aead_row<facade<chacha>>(t, std::string(twin_prefix) + "sotto", a, kernel);
    } else {
      add_aead_row<facade<gcm>>(t, "sotto", a, kernel);
    }
  }
  if (t.packets.payload_len() <= 1200) add_batch_row(t);
}

}  // namespace bench
