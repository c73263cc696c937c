// SPDX-License-Identifier: BSL-1.0
// The streams of a session by SSRC: a fixed number of slots, found in O(1), without a heap.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>

#include "../core/abi.hpp"
#include "packet.hpp"

namespace sotto::inline SOTTO_ABI::srtp {

/// As a number of streams: the caller supplies the slots.
inline constexpr std::size_t caller_supplied = std::dynamic_extent;

template <class Stream, std::size_t MaxStreams>
class stream_table;

/// Room for one stream. Servers supply arrays of them; the contents belong to the session that uses them. Holds no
/// secret.
template <class Stream>
class stream_slot {
  template <class, std::size_t>
  friend class stream_table;

  struct bucket {
    std::uint32_t ssrc = 0;
    std::uint32_t slot = 0;  // its number plus one, 0 if the bucket is empty
  };

  Stream stream_{};  // first, so that its address is the slot's
  std::uint32_t ssrc_ = 0;
  bucket buckets_[2];
  std::array<std::uint32_t, Stream::retired_per_slot> retired_{};
};

/// Up to as many streams as there are slots. The hash index is spread over the slots, two buckets in each, so that it
/// is never more than half full. Streams fill the slots from the front; only remove() moves one. Only who holds the key
/// adds streams, so nobody else can lengthen the probe sequences. One thread at a time.
template <class Stream, std::size_t MaxStreams>
class stream_table {
 public:
  using slot = stream_slot<Stream>;
  static constexpr bool inline_storage = MaxStreams != caller_supplied;
  /// Slot numbers have 32 bits, and so have bucket numbers.
  static constexpr std::size_t max_slots = 0x7fffffff;
  static_assert(!inline_storage || (MaxStreams >= 1 && MaxStreams <= max_slots));
  static_assert(std::is_trivially_copyable_v<Stream>);

  stream_table() noexcept requires inline_storage = default;
  /// Clears the slots, at least one and at most max_slots, and uses them until it ends or is moved from.
  explicit stream_table(std::span<slot> slots) noexcept requires(!inline_storage) : slots_(slots) {
    for (auto& s : slots_) s = slot{};
  }
  stream_table(stream_table&& other) noexcept
      : slots_(other.slots_), count_(other.count_), last_(other.last_), retired_(other.retired_) {
    other.release();
  }
  stream_table& operator=(stream_table&& other) noexcept {
    if (this != &other) {
      slots_ = other.slots_;
      count_ = other.count_;
      last_ = other.last_;
      retired_ = other.retired_;
      other.release();
    }
    return *this;
  }
  ~stream_table() = default;

  std::size_t capacity() const noexcept { return slots_.size(); }
  std::size_t count() const noexcept { return count_; }
  bool full() const noexcept { return count_ == slots_.size(); }

  /// The stream of this SSRC or null. Changes nothing.
  Stream* find(ssrc source) noexcept {
    if (last_ < count_ && slots_[last_].ssrc_ == source.value()) return &slots_[last_].stream_;
    const std::uint32_t b = bucket_of(source.value());
    return b == none ? nullptr : &slots_[bucket(b).slot - 1].stream_;
  }
  const Stream* find(ssrc source) const noexcept { return const_cast<stream_table*>(this)->find(source); }

  /// Remembers a stream that find() returned: the next look-up of the same SSRC is one comparison.
  void touch(const Stream* found) noexcept {
    static_assert(std::is_standard_layout_v<slot>);  // a slot and its first member have one address
    last_ = static_cast<std::uint32_t>(reinterpret_cast<const slot*>(found) - slots_.data());
  }

  /// Adds a stream; the table isn't full and the SSRC not in it.
  Stream& insert(ssrc source) noexcept {
    const auto n = static_cast<std::uint32_t>(count_++);
    slots_[n].ssrc_ = source.value();
    slots_[n].stream_ = Stream{};
    std::uint32_t b = home(source.value());
    while (bucket(b).slot != 0) b = next(b);
    bucket(b) = {source.value(), n + 1};
    return slots_[n].stream_;
  }

  /// Removes a stream; the SSRC is in the table. Pointers to streams are invalid afterwards.
  void remove(ssrc source) noexcept {
    const std::uint32_t b = bucket_of(source.value());
    const std::uint32_t hole = bucket(b).slot - 1, moved = static_cast<std::uint32_t>(count_ - 1);
    if (hole != moved) {
      bucket(bucket_of(slots_[moved].ssrc_)).slot = hole + 1;
      slots_[hole].ssrc_ = slots_[moved].ssrc_;
      slots_[hole].stream_ = slots_[moved].stream_;
    }
    slots_[moved].ssrc_ = 0;
    slots_[moved].stream_ = Stream{};
    --count_;
    last_ = 0;
    erase_bucket(b);
  }

  /// Retired SSRCs: removed, and never to be used again with this key. They have a memory of fixed size.
  bool can_retire() const noexcept { return retired_ < slots_.size() * Stream::retired_per_slot; }
  void retire(ssrc source) noexcept requires(Stream::retired_per_slot != 0) {
    slots_[retired_ / Stream::retired_per_slot].retired_[retired_ % Stream::retired_per_slot] = source.value();
    ++retired_;
  }
  /// Walks the whole list; only a stream's first packet asks.
  bool is_retired(ssrc source) const noexcept requires(Stream::retired_per_slot != 0) {
    for (std::size_t i = 0; i < retired_; ++i)
      if (slots_[i / Stream::retired_per_slot].retired_[i % Stream::retired_per_slot] == source.value()) return true;
    return false;
  }
  void forget_retired() noexcept { retired_ = 0; }

  /// Calls f(ssrc, stream) for every stream, in no particular order.
  template <class F>
  void for_each(F&& f) {
    for (std::size_t i = 0; i < count_; ++i) f(ssrc(slots_[i].ssrc_), slots_[i].stream_);
  }
  template <class F>
  void for_each(F&& f) const {
    for (std::size_t i = 0; i < count_; ++i) f(ssrc(slots_[i].ssrc_), slots_[i].stream_);
  }

 private:
  static constexpr std::uint32_t none = 0xffffffffu;

  std::uint32_t buckets() const noexcept { return static_cast<std::uint32_t>(2 * slots_.size()); }
  typename slot::bucket& bucket(std::uint32_t b) noexcept { return slots_[b / 2].buckets_[b % 2]; }
  std::uint32_t next(std::uint32_t b) const noexcept { return b + 1 == buckets() ? 0 : b + 1; }
  /// Multiplicative hashing; the high half of the product then picks among any number of buckets.
  std::uint32_t home(std::uint32_t value) const noexcept {
    const std::uint32_t mixed = (value ^ (value >> 16)) * 0x9e3779b1u;
    return static_cast<std::uint32_t>((std::uint64_t{mixed} * buckets()) >> 32);
  }
  /// How far b lies behind a, round the end.
  std::uint32_t distance(std::uint32_t a, std::uint32_t b) const noexcept { return b >= a ? b - a : b + buckets() - a; }

  std::uint32_t bucket_of(std::uint32_t value) noexcept {
    if (count_ == 0) return none;
    for (std::uint32_t b = home(value); bucket(b).slot != 0; b = next(b))
      if (bucket(b).ssrc == value) return b;
    return none;
  }

  /// Closes the hole by moving back whatever probed past it, so that look-ups stay as short as if it had never been.
  void erase_bucket(std::uint32_t hole) noexcept {
    for (std::uint32_t b = next(hole); bucket(b).slot != 0; b = next(b)) {
      const std::uint32_t wanted = home(bucket(b).ssrc);
      if (distance(wanted, b) >= distance(hole, b)) {
        bucket(hole) = bucket(b);
        hole = b;
      }
    }
    bucket(hole) = {};
  }

  void release() noexcept {
    count_ = 0;
    retired_ = 0;
    slots_ = {};
  }

  std::conditional_t<inline_storage, std::array<slot, inline_storage ? MaxStreams : 1>, std::span<slot>> slots_{};
  std::size_t count_ = 0;
  std::uint32_t last_ = 0;  // where the latest look-up succeeded
  std::size_t retired_ = 0;
};

}  // namespace sotto::inline SOTTO_ABI::srtp
