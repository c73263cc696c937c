// SPDX-License-Identifier: BSL-1.0
// The master keys of a session: one, or several told apart by their MKIs (RFC 3711 3.2.3, 8.1).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>

#include "../core/abi.hpp"
#include "../core/bytes.hpp"
#include "../core/result.hpp"
#include "key_derivation.hpp"
#include "keying.hpp"
#include "packet_index.hpp"
#include "packet_protection.hpp"
#include "protection_options.hpp"
#include "session_state.hpp"
#include "transform.hpp"

namespace sotto::inline SOTTO_ABI::srtp {

/// How many packets a master key may see, over all its streams; RFC 3711 9.2 and RFC 7714 10 set the defaults, which
/// are the upper limits too. Beyond them every call answers key_exhausted.
struct key_lifetime {
  std::uint64_t rtp_packets = packet_index_end;  ///< 1 to 2^48
  std::uint64_t rtcp_packets = srtcp_index_end;  ///< 1 to 2^31
};

/// Errors: invalid_argument for a limit that is 0 or too high.
constexpr result<void> check(const key_lifetime& l) noexcept {
  const auto within = [](std::uint64_t packets, std::uint64_t most) { return packets != 0 && packets <= most; };
  if (!within(l.rtp_packets, packet_index_end) || !within(l.rtcp_packets, srtcp_index_end))
    return failure{error::invalid_argument};
  return {};
}

namespace detail {

/// One master key: its session keys, of the latest epoch where the derivation rate isn't 0, and what is left of its
/// lifetime.
template <packet_transform Transform>
class master_key {
 public:
  using protection_type = packet_protection<Transform>;

  static result<master_key> create(const keying& k, const protection_options& o, const key_lifetime& l) noexcept {
    if (const auto sound = check(l); !sound) return failure{sound.error()};
    auto protection = protection_type::create(k, o);
    if (!protection) return failure{protection.error()};
    master_key made(std::move(*protection), k.provenance(), l);
    if (o.key_derivation_rate != 0) {
      auto kdf = key_derivation::create(k.expose_key(), k.expose_salt());
      if (!kdf) return failure{kdf.error()};
      made.kdf_.emplace(std::move(*kdf));
      made.shift_ = 0;
      while ((std::uint32_t{1} << made.shift_) != o.key_derivation_rate) ++made.shift_;
    }
    return made;
  }

  const protection_type& protection() const noexcept { return protection_; }
  srtp::provenance provenance() const noexcept { return provenance_; }

  /// Whether protection() has the session keys of this index: always, if the derivation rate is 0.
  bool fits_rtp(packet_index i) const noexcept { return (i.value() >> shift_) == epoch_.rtp; }
  bool fits_rtcp(std::uint32_t i) const noexcept { return (std::uint64_t{i} >> shift_) == epoch_.rtcp; }

  /// The protection of another epoch, without a change here. It fails only for lack of a rate.
  struct epoch_keys {
    key_epoch epoch;
    protection_type protection;
  };
  result<epoch_keys> derive_rtp(packet_index i, const protection_options& o) const noexcept {
    return derive({i.value() >> shift_, epoch_.rtcp}, o);
  }
  result<epoch_keys> derive_rtcp(std::uint32_t i, const protection_options& o) const noexcept {
    return derive({epoch_.rtp, std::uint64_t{i} >> shift_}, o);
  }
  void adopt(epoch_keys&& other) noexcept {
    epoch_ = other.epoch;
    protection_ = std::move(other.protection);
  }

  packets_left rtp_left{0};
  packets_left rtcp_left{0};

 private:
  // Indices have at most 48 bits: with rate 0 all of them are of epoch 0.
  static constexpr unsigned no_rate = 63;

  master_key(protection_type&& protection, srtp::provenance from, const key_lifetime& l) noexcept
      : rtp_left(l.rtp_packets), rtcp_left(l.rtcp_packets), protection_(std::move(protection)), provenance_(from) {}

  result<epoch_keys> derive(key_epoch epoch, const protection_options& o) const noexcept {
    if (!kdf_) return failure{error::unsupported};
    auto made = protection_type::derive(*kdf_, protection_.profile(), protection_.mki(), o, epoch);
    if (!made) return failure{made.error()};
    return epoch_keys{epoch, std::move(*made)};
  }

  protection_type protection_;
  std::optional<key_derivation> kdf_;
  key_epoch epoch_;
  unsigned shift_ = no_rate;
  srtp::provenance provenance_;
};

/// Up to MaxKeys master keys of one profile and MKI length; at least one. The active one protects what is sent, or
/// opened the latest packet.
template <packet_transform Transform, std::size_t MaxKeys>
class master_keys {
  static_assert(MaxKeys >= 1 && MaxKeys <= 255);

 public:
  using key = master_key<Transform>;

  explicit master_keys(key&& first) noexcept { keys_[0].emplace(std::move(first)); }

  key& active() noexcept { return *keys_[active_]; }
  const key& active() const noexcept { return *keys_[active_]; }
  /// The only one of a session without MKIs.
  key& first() noexcept { return *keys_[0]; }
  std::size_t count() const noexcept { return count_; }

  /// The key of this MKI, or null. Without MKIs there is only one key.
  key* find(const_bytes mki) noexcept {
    if (active().protection().has_mki(mki)) return &active();
    for (auto& k : keys_)
      if (k && k->protection().has_mki(mki)) return &*k;
    return nullptr;
  }
  const key* find(const_bytes mki) const noexcept { return const_cast<master_keys*>(this)->find(mki); }
  void activate(const key* found) noexcept {
    if (found == &active()) return;
    for (std::size_t i = 0; i < MaxKeys; ++i)
      if (keys_[i] && &*keys_[i] == found) active_ = static_cast<std::uint8_t>(i);
  }

  /// Errors: invalid_mki_length (none, or not the others'), invalid_argument (another profile, or an MKI that is held),
  /// key_table_full.
  result<void> add(key&& another) noexcept {
    const auto& first = active().protection();
    const auto& added = another.protection();
    if (added.mki().empty() || added.mki().size() != first.mki().size()) return failure{error::invalid_mki_length};
    if (added.profile() != first.profile() || find(added.mki()) != nullptr) return failure{error::invalid_argument};
    for (auto& k : keys_)
      if (!k) {
        k.emplace(std::move(another));
        ++count_;
        return {};
      }
    return failure{error::key_table_full};
  }
  /// Wipes a key that isn't the active one. Errors: unknown_mki, invalid_argument (the active key).
  result<void> remove(const_bytes mki) noexcept {
    if (mki.size() != active().protection().mki().size() || mki.empty()) return failure{error::unknown_mki};
    if (active().protection().has_mki(mki)) return failure{error::invalid_argument};
    for (auto& k : keys_)
      if (k && k->protection().has_mki(mki)) {
        k.reset();
        --count_;
        return {};
      }
    return failure{error::unknown_mki};
  }

 private:
  std::array<std::optional<key>, MaxKeys> keys_;
  std::uint8_t active_ = 0;
  std::uint8_t count_ = 1;
};

}  // namespace detail
}  // namespace sotto::inline SOTTO_ABI::srtp
