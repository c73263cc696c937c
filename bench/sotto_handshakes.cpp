// SPDX-License-Identifier: BSL-1.0
// Noise XX, both ends together, beside the X25519 operations that it can't do without.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>

#include <sotto/kernels/x25519/select.hpp>
#include <sotto/noise.hpp>

#include "rows.hpp"

namespace bench {
namespace {

namespace noise = sotto::noise;
namespace kernel_x25519 = sotto::kernels::x25519;
using sotto::crypto::handshake_role;
using secret = std::array<std::uint8_t, 32>;

/// Both ends' ephemeral keys for each handshake, drawn before the timed part.
class ephemeral_keys {
 public:
  void refill(const ring& packets, std::uint64_t first) {
    packets.fill(first);
    for (std::size_t i = 0; i < packets.size(); ++i)
      for (std::uint8_t end = 0; end < 2; ++end) {
        std::copy_n(packets.payload(i), 32, of_[i][end].begin());
        sotto::core::store_be64(of_[i][end].data(), first + i);
        of_[i][end][8] = end;
      }
  }
  const secret& of(std::size_t i, std::size_t end) const noexcept { return of_[i][end]; }

 private:
  secret of_[max_ring_size][2] = {};
};

/// A random source that costs nothing, as the operations' row has none.
struct drawn {
  const secret& bytes;
  sotto::result<void> operator()(sotto::mutable_bytes out) const noexcept {
    std::copy_n(bytes.begin(), std::min(out.size(), bytes.size()), out.begin());
    return {};
  }
};

constexpr secret static_secret(std::uint8_t end) {
  secret s = master_key;
  s[0] = static_cast<std::uint8_t>(s[0] ^ (16 + end));
  return s;
}

class noise_xx {
 public:
  void refill(const ring& packets, std::uint64_t first) { ephemeral_.refill(packets, first); }

  bool run(const ring&, std::size_t i) noexcept {
    auto first = start(handshake_role::initiator), second = start(handshake_role::responder);
    if (!first || !second) return false;
    for (std::size_t n = 0; n < 3; ++n) {
      std::uint8_t wire[96], nothing[1];
      const auto written = (n == 1 ? *second : *first).write_message({}, wire, random(i, n % 2));
      if (!written || !(n == 1 ? *first : *second).read_message(*written, nothing)) return false;
    }
    const auto ours = std::move(*first).finish(), theirs = std::move(*second).finish();
    if (!ours || !theirs) return false;
    std::copy_n(ours->handshake_hash().begin(), 32, hashes_[i][0].begin());
    std::copy_n(theirs->handshake_hash().begin(), 32, hashes_[i][1].begin());
    return true;
  }
  /// Both ends authenticated the same transcript; that it is the right one, vectors show.
  bool right(const ring&, std::size_t i, std::uint64_t) const {
    return hashes_[i][0] == hashes_[i][1] && hashes_[i][0] != secret{};
  }

 private:
  drawn& random(std::size_t i, std::size_t end) noexcept { return random_.emplace(drawn{ephemeral_.of(i, end)}); }
  sotto::result<noise::handshake> start(handshake_role role) const noexcept {
    const bool initiator = role == handshake_role::initiator;
    return noise::handshake::create(
        {.pattern = noise::patterns::XX,
         .role = role,
         .own = initiator ? &initiator_ : &responder_,
         .peer = noise::peer_identity::pinned((initiator ? responder_ : initiator_).public_key())});
  }

  ephemeral_keys ephemeral_;
  noise::static_key initiator_ = noise::static_key::from_secret(static_secret(0));
  noise::static_key responder_ = noise::static_key::from_secret(static_secret(1));
  std::optional<drawn> random_;
  secret hashes_[max_ring_size][2] = {};
};

/// What XX consists of: two ephemeral public keys, and ee, es and se at both ends.
class operations_of_xx {
 public:
  void refill(const ring& packets, std::uint64_t first) { ephemeral_.refill(packets, first); }

  bool run(const ring&, std::size_t i) noexcept {
    const secret &first = ephemeral_.of(i, 0), &second = ephemeral_.of(i, 1);
    secret first_public, second_public;
    kernel_.multiply_base(first_public.data(), first.data());
    kernel_.multiply_base(second_public.data(), second.data());
    auto& out = products_[i];
    kernel_.multiply(out[0].data(), second.data(), first_public.data());  // ee
    kernel_.multiply(out[1].data(), first.data(), second_public.data());
    kernel_.multiply(out[2].data(), responder_.data(), first_public.data());  // es
    kernel_.multiply(out[3].data(), first.data(), responder_public_.data());
    kernel_.multiply(out[4].data(), second.data(), initiator_public_.data());  // se
    kernel_.multiply(out[5].data(), initiator_.data(), second_public.data());
    return true;
  }
  bool right(const ring&, std::size_t i, std::uint64_t) const {
    const auto& p = products_[i];
    return p[0] == p[1] && p[2] == p[3] && p[4] == p[5] && p[0] != secret{};
  }

 private:
  secret public_of(const secret& own) const noexcept {
    secret made;
    kernel_.multiply_base(made.data(), own.data());
    return made;
  }

  const kernel_x25519::kernel& kernel_ = kernel_x25519::select();
  ephemeral_keys ephemeral_;
  secret initiator_ = static_secret(0), responder_ = static_secret(1);
  secret initiator_public_ = public_of(initiator_), responder_public_ = public_of(responder_);
  std::array<secret, 6> products_[max_ring_size] = {};
};

}  // namespace

void add_sotto_handshake_rows(table& t) {
  if (t.what != task::handshake) return;
  const std::string kernel = kernel_x25519::select().name;
  for (const std::string& library : {std::string("sotto"), std::string(twin_prefix) + "sotto"}) {
    t.add<noise_xx>(library, "handshake", "noise_xx", kernel);
    t.add<operations_of_xx>(library, "handshake", "x25519_of_xx", kernel);
  }
}

}  // namespace bench
