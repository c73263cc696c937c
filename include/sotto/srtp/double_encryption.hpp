// SPDX-License-Identifier: BSL-1.0
// Double encryption (RFC 8723): media encrypted end to end, and once more from hop to hop, so that a relay can change
// payload type, sequence number and marker, and nothing else.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <utility>

#include "../core/abi.hpp"
#include "../core/bytes.hpp"
#include "../core/constant_time.hpp"
#include "../core/result.hpp"
#include "../crypto/aes_gcm.hpp"
#include "aead_transform.hpp"
#include "header_extension.hpp"
#include "keying.hpp"
#include "original_header_block.hpp"
#include "packet.hpp"
#include "profile.hpp"
#include "receiver.hpp"
#include "sender.hpp"

namespace sotto::inline SOTTO_ABI::srtp {

/// The two halves of a double key (RFC 8723 3): the ends hold both, a relay holds one outer key per hop. Both are of
/// one AES-GCM profile, the two of DOUBLE_AEAD_AES_128_GCM_AEAD_AES_128_GCM or of its 256-bit form.
struct double_keying {
  keying inner;  ///< End to end.
  keying outer;  ///< Hop by hop.

  /// Cuts a double key and salt in halves, the first of which are the inner ones: profile aead_aes_128_gcm with 32
  /// bytes of key (secret), or aead_aes_256_gcm with 64, and 24 bytes of salt. The MKI is the outer packets'. Errors:
  /// unsupported (another profile), invalid_key_length, invalid_salt_length, invalid_mki_length, invalid_argument
  /// (equal halves: whoever held the outer key would hold the inner one).
  static result<double_keying> create(const raw_keying& raw) noexcept {
    const std::size_t key_len = parameters(raw.profile).key_len, salt_len = parameters(raw.profile).salt_len;
    if (parameters(raw.profile).cipher != cipher::aes_gcm) return failure{error::unsupported};
    if (raw.key.size() != 2 * key_len) return failure{error::invalid_key_length};
    if (raw.salt.size() != 2 * salt_len) return failure{error::invalid_salt_length};
    if (core::equal(raw.key.data(), raw.key.data() + key_len, key_len)) return failure{error::invalid_argument};
    auto inner = keying::create({raw.profile, raw.key.first(key_len), raw.salt.first(salt_len), {}});
    if (!inner) return failure{inner.error()};
    auto outer = keying::create({raw.profile, raw.key.subspan(key_len), raw.salt.subspan(salt_len), raw.mki});
    if (!outer) return failure{outer.error()};
    return double_keying{std::move(*inner), std::move(*outer)};
  }
};

namespace detail {

using gcm_transform = aead_transform<crypto::aes_gcm>;

/// RFC 8723 5.1 and 5.3 step 3: the inner transform sees a packet without its extension. This lays the header directly
/// in front of the payload, over the end of the extension, and gives the extension its bytes back when it ends.
class synthetic_packet {
 public:
  /// packet is a whole RTP packet that rtp_view::parse accepted.
  synthetic_packet(std::uint8_t* packet, std::size_t header_len) noexcept
      : packet_(packet),
        clear_len_(rtp_view::min_header_len + 4 * std::size_t{packet[0] & 0x0fu}),
        extension_len_(header_len - clear_len_) {
    std::memcpy(covered_, packet_ + extension_len_, clear_len_);
    std::memcpy(header_, packet_, clear_len_);
    std::memcpy(data(), header_, clear_len_);
    data()[0] = static_cast<std::uint8_t>(data()[0] & ~0x10u);
  }
  synthetic_packet(const synthetic_packet&) = delete;
  synthetic_packet& operator=(const synthetic_packet&) = delete;
  ~synthetic_packet() {
    std::memcpy(data(), covered_, clear_len_);
    std::memcpy(packet_, header_, clear_len_);
  }

  std::uint8_t* data() noexcept { return packet_ + extension_len_; }
  std::size_t extension_len() const noexcept { return extension_len_; }

 private:
  std::uint8_t* packet_;
  std::size_t clear_len_;
  std::size_t extension_len_;
  std::uint8_t covered_[72];
  std::uint8_t header_[72];
};

inline void set_payload_type(std::uint8_t* rtp, std::uint8_t value) noexcept {
  rtp[1] = static_cast<std::uint8_t>((rtp[1] & 0x80u) | value);
}
inline void set_marker(std::uint8_t* rtp, bool value) noexcept {
  rtp[1] = static_cast<std::uint8_t>((rtp[1] & 0x7fu) | (value ? 0x80u : 0u));
}
inline void set_sequence(std::uint8_t* rtp, sequence_number value) noexcept {
  core::store_be16(rtp + 2, value.value());
}

inline bool same_key(const keying& a, const keying& b) noexcept {
  return a.expose_key().size() == b.expose_key().size() &&
         core::equal(a.expose_key().data(), b.expose_key().data(), a.expose_key().size());
}

}  // namespace detail

/// An end that sends. Inner and outer streams have ROCs and windows of their own (RFC 8723 3). Move-only; nothing is
/// allocated; one thread at a time.
class double_sender {
  using half = basic_sender<detail::gcm_transform>;

 public:
  /// Errors: those of basic_sender::create; unsupported with length_hiding, whose padding would lie behind the Original
  /// Header Block: pad the packet before it is protected. The options are the outer session's; encrypted extensions are
  /// hop by hop.
  static result<double_sender> create(const double_keying& k, const sender_options& outer_options = {}) noexcept {
    if (!outer_options.length_hiding.is_off()) return failure{error::unsupported};
    auto inner = half::create(k.inner);
    if (!inner) return failure{inner.error()};
    auto outer = half::create(k.outer, outer_options);
    if (!outer) return failure{outer.error()};
    return double_sender(std::move(*inner), std::move(*outer));
  }

  /// The most that protection adds: two tags, an empty Original Header Block, MKI.
  std::size_t rtp_overhead() const noexcept { return inner_.rtp_overhead() + 1 + outer_.rtp_overhead(); }
  std::size_t rtcp_overhead() const noexcept { return outer_.rtcp_overhead(); }

  /// Protects the RTP packet in the buffer's first len bytes, in place (RFC 8723 5.1). Errors: malformed_packet (also
  /// an extension that isn't RFC 8285's), and those of sender::protect. After an error of the outer half, which packets
  /// of the right size don't cause before its key is exhausted, the buffer is spoilt and the index used; otherwise an
  /// error changes nothing but counters.
  result<mutable_bytes> protect(mutable_bytes buffer, std::size_t len) noexcept {
    if (len > buffer.size() || buffer.size() - len < rtp_overhead()) return failure{error::buffer_too_small};
    const auto packet = rtp_view::parse(buffer.first(len));
    if (!packet) return failure{packet.error()};
    if (packet->has_extension() && form_of(packet->extension_profile()) == extension_form::other)
      return failure{error::malformed_packet};
    {
      detail::synthetic_packet synthetic(buffer.data(), packet->header_len());
      const std::size_t skipped = synthetic.extension_len();
      const auto sealed = inner_.protect(buffer.subspan(skipped), len - skipped);
      if (!sealed) return failure{sealed.error()};
      len = skipped + sealed->size();
    }
    buffer[len] = 0;  // nothing changed yet
    return outer_.protect(buffer, len + 1);
  }

  /// Protects a repair packet (RTX, FEC, whose payload is encrypted already) hop by hop only (RFC 8723 7). Errors:
  /// those of sender::protect.
  result<mutable_bytes> protect_repair(mutable_bytes buffer, std::size_t len) noexcept {
    return outer_.protect(buffer, len);
  }
  /// RTCP is protected hop by hop only (RFC 8723 6). Errors: those of sender::protect_rtcp.
  result<mutable_bytes> protect_rtcp(mutable_bytes buffer, std::size_t len) noexcept {
    return outer_.protect_rtcp(buffer, len);
  }

  const half& inner() const noexcept { return inner_; }
  const half& outer() const noexcept { return outer_; }

 private:
  double_sender(half&& inner, half&& outer) noexcept : inner_(std::move(inner)), outer_(std::move(outer)) {}
  half inner_, outer_;
};

/// What an end received.
struct double_packet {
  /// The RTP packet: payload, marker and timestamp as the sender made them; payload type and sequence number as the
  /// last relay left them, which is what codecs and ordering go by (RFC 8723 5.3); extensions as the last relay left
  /// them.
  mutable_bytes rtp;
  std::uint8_t original_payload_type;
  sequence_number original_sequence;
};

/// An end that receives. Move-only; nothing is allocated; one thread at a time.
class double_receiver {
  using half = basic_receiver<detail::gcm_transform>;

 public:
  /// Errors: those of basic_receiver::create. The options are the outer session's.
  static result<double_receiver> create(const double_keying& k, const receiver_options& outer_options = {}) noexcept {
    auto inner = half::create(k.inner);
    if (!inner) return failure{inner.error()};
    auto outer = half::create(k.outer, outer_options);
    if (!outer) return failure{outer.error()};
    return double_receiver(std::move(*inner), std::move(*outer));
  }

  /// Verifies and opens both layers of exactly what arrived, in place (RFC 8723 5.3). Errors: those of
  /// receiver::unprotect, of either layer; malformed_packet for a bad Original Header Block. A packet that the outer
  /// layer refused is unchanged; of one that only the inner layer refused (a relay broke it), the outer layer is gone
  /// and its index used, and no plaintext was written.
  result<double_packet> unprotect(mutable_bytes srtp) noexcept {
    const auto hop = outer_.unprotect(srtp);
    if (!hop) return failure{hop.error()};
    const auto packet = rtp_view::parse(*hop);
    if (!packet) return failure{packet.error()};
    const auto changed = original_header_block::parse(packet->payload());
    if (!changed) return failure{changed.error()};
    double_packet made{
        {}, changed->payload_type.value_or(packet->payload_type()), changed->sequence.value_or(packet->sequence())};
    const bool marker = changed->marker.value_or(packet->marker());
    std::size_t len = hop->size() - changed->len();
    {
      detail::synthetic_packet synthetic(hop->data(), packet->header_len());
      detail::set_payload_type(synthetic.data(), made.original_payload_type);
      detail::set_sequence(synthetic.data(), made.original_sequence);
      detail::set_marker(synthetic.data(), marker);
      const auto rtp = inner_.unprotect(hop->subspan(synthetic.extension_len()).first(len - synthetic.extension_len()));
      if (!rtp) return failure{rtp.error()};
      len = synthetic.extension_len() + rtp->size();
    }
    detail::set_marker(hop->data(), marker);
    made.rtp = hop->first(len);
    return made;
  }

  /// Opens a repair packet, which has only the outer layer. Errors: those of receiver::unprotect.
  result<mutable_bytes> unprotect_repair(mutable_bytes srtp) noexcept { return outer_.unprotect(srtp); }
  result<mutable_bytes> unprotect_rtcp(mutable_bytes srtcp) noexcept { return outer_.unprotect_rtcp(srtcp); }

  const half& inner() const noexcept { return inner_; }
  const half& outer() const noexcept { return outer_; }

 private:
  double_receiver(half&& inner, half&& outer) noexcept : inner_(std::move(inner)), outer_(std::move(outer)) {}
  half inner_, outer_;
};

/// What a relay changes in a packet; empty fields stay.
struct relay_changes {
  std::optional<std::uint8_t> payload_type = {};  ///< Below 128.
  std::optional<sequence_number> sequence = {};
  std::optional<bool> marker = {};
};

/// A media distributor's way from one sender to one receiver. It can't be given inner keys. Move-only; nothing is
/// allocated; one thread at a time.
class double_relay {
  using incoming_half = basic_receiver<detail::gcm_transform>;
  using outgoing_half = basic_sender<detail::gcm_transform>;

 public:
  /// Takes the outer keys of the two hops. Errors: those of the sessions' create; invalid_argument if the keys are
  /// equal: nonces would repeat (RFC 8723 5.2); unsupported with length_hiding (see double_sender).
  static result<double_relay> create(const keying& incoming, const keying& outgoing,
                                     const receiver_options& incoming_options = {},
                                     const sender_options& outgoing_options = {}) noexcept {
    if (detail::same_key(incoming, outgoing)) return failure{error::invalid_argument};
    if (!outgoing_options.length_hiding.is_off()) return failure{error::unsupported};
    auto in = incoming_half::create(incoming, incoming_options);
    if (!in) return failure{in.error()};
    auto out = outgoing_half::create(outgoing, outgoing_options);
    if (!out) return failure{out.error()};
    return double_relay(std::move(*in), std::move(*out));
  }

  /// The most by which a relayed packet grows.
  std::size_t growth() const noexcept { return original_header_block::max_len - 1 + outgoing_.rtp_overhead(); }

  /// Opens the outer layer of the SRTP packet in the buffer's first len bytes, changes its header, keeps account of
  /// that in its Original Header Block (RFC 8723 5.2), and protects it for the next hop, in place. Errors: those of
  /// receiver::unprotect and sender::protect; malformed_packet (Original Header Block), invalid_argument (payload
  /// type), buffer_too_small if there is no room for growth() bytes.
  result<mutable_bytes> relay(mutable_bytes buffer, std::size_t len, const relay_changes& changes = {}) noexcept {
    if (len > buffer.size() || buffer.size() - len < growth()) return failure{error::buffer_too_small};
    if (changes.payload_type.value_or(0) > 127) return failure{error::invalid_argument};
    const auto rtp = incoming_.unprotect(buffer.first(len));
    if (!rtp) return failure{rtp.error()};
    const auto packet = rtp_view::parse(*rtp);
    if (!packet) return failure{packet.error()};
    auto block = original_header_block::parse(packet->payload());
    if (!block) return failure{block.error()};
    const std::size_t sealed_len = rtp->size() - block->len();

    apply(changes.payload_type, packet->payload_type(), block->payload_type);
    apply(changes.sequence, packet->sequence(), block->sequence);
    apply(changes.marker, packet->marker(), block->marker);
    if (changes.payload_type) detail::set_payload_type(buffer.data(), *changes.payload_type);
    if (changes.sequence) detail::set_sequence(buffer.data(), *changes.sequence);
    if (changes.marker) detail::set_marker(buffer.data(), *changes.marker);
    block->write(buffer.data() + sealed_len);
    return outgoing_.protect(buffer, sealed_len + block->len());
  }

  /// Relays a repair packet or RTCP as it is: outer layer only. Errors: those of unprotect and protect.
  result<mutable_bytes> relay_repair(mutable_bytes buffer, std::size_t len) noexcept {
    if (len > buffer.size()) return failure{error::buffer_too_small};
    const auto rtp = incoming_.unprotect(buffer.first(len));
    if (!rtp) return failure{rtp.error()};
    return outgoing_.protect(buffer, rtp->size());
  }
  result<mutable_bytes> relay_rtcp(mutable_bytes buffer, std::size_t len) noexcept {
    if (len > buffer.size()) return failure{error::buffer_too_small};
    const auto rtcp = incoming_.unprotect_rtcp(buffer.first(len));
    if (!rtcp) return failure{rtcp.error()};
    return outgoing_.protect_rtcp(buffer, rtcp->size());
  }

 private:
  double_relay(incoming_half&& in, outgoing_half&& out) noexcept
      : incoming_(std::move(in)), outgoing_(std::move(out)) {}

  /// The block keeps a field's first value, and forgets it when the field has it again.
  template <class T>
  static void apply(const std::optional<T>& change, T present, std::optional<T>& original) noexcept {
    if (!change || *change == present) return;
    if (!original)
      original = present;
    else if (*original == *change)
      original.reset();
  }

  incoming_half incoming_;
  outgoing_half outgoing_;
};

}  // namespace sotto::inline SOTTO_ABI::srtp
