// SPDX-License-Identifier: BSL-1.0
// What SRTP's features cost: a row for each, beside the plain path in the same table.
#include <array>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include <sotto/cpu/features.hpp>

#include "rows.hpp"
#include "sotto_operations.hpp"

namespace bench {
namespace {

namespace srtp = sotto::srtp;

struct feature {
  const char* name;
  srtp::protection_options options = {};
  std::size_t mki_len = 0;
  bool has_extension = false;
};

std::vector<feature> features() {
  feature mki{"mki", {}, 4}, plain{"extension", {}, 0, true}, masked{"extension_rfc6904", {}, 0, true};
  feature cryptic{"extension_cryptex", {}, 0, true}, carried{"roc_rfc4771"}, derived{"key_derivation_rate_1024"};
  masked.options.encrypted_extensions = srtp::extension_ids(1, 2);
  cryptic.options.cryptex = srtp::cryptex::required;
  carried.options.roc_carriage.mode = srtp::roc_carriage_mode::authenticated;
  derived.options.key_derivation_rate = 1024;
  return {mki, plain, masked, cryptic, carried, derived};
}

srtp::raw_keying keying_for(srtp::profile p, const feature& f) {
  static constexpr std::array<std::uint8_t, 4> mki{1, 2, 3, 4};
  auto keying = bench::keying_for(p);
  keying.mki = sotto::const_bytes(mki).first(f.mki_len);
  return keying;
}
srtp::sender sender_for(srtp::profile p, const feature& f) {
  return srtp::sender::create(keying_for(p, f), {.protection = f.options}).value();
}
srtp::receiver receiver_for(srtp::profile p, const feature& f) {
  return srtp::receiver::create(keying_for(p, f), {.protection = f.options}).value();
}
/// On the portable kernels.
srtp::receiver judge_for(srtp::profile p, const feature& f) {
  const auto hidden = sotto::cpu::detected().without(sotto::cpu::available());
  sotto::cpu::hide(sotto::cpu::detected());
  auto judge = receiver_for(p, f);
  sotto::cpu::hide(hidden);
  return judge;
}

/// The table's packets, with an extension in place of their payload's beginning if the feature is about extensions:
/// two elements of the one-byte form, an audio level and a transport-wide sequence number, padded to two words.
class plain_packets {
 public:
  explicit plain_packets(const feature& f) : has_extension_(f.has_extension) {}
  void fill(const ring& packets, std::uint64_t first) const {
    packets.fill(first);
    for (std::size_t i = 0; has_extension_ && i < packets.size(); ++i) extend(packets.at(i));
  }
  bool are_at(const std::uint8_t* buffer, const ring& packets, std::uint64_t index) const {
    auto expected = packets.plain_packet(index);
    if (has_extension_) extend(expected.data());
    return holds(buffer, expected);
  }

 private:
  static void extend(std::uint8_t* packet) {
    static constexpr std::array<std::uint8_t, 12> extension{0xbe, 0xde, 0, 2, 0x10, 0x85, 0x21, 0x12, 0x34, 0, 0, 0};
    packet[0] |= 0x10;
    std::memcpy(packet + header_len, extension.data(), extension.size());
  }
  bool has_extension_;
};

class protect {
 public:
  protect(srtp::profile p, const feature& f) : plain_(f), tx_(sender_for(p, f)), judge_(judge_for(p, f)) {}
  void refill(const ring& packets, std::uint64_t first) const { plain_.fill(packets, first); }
  bool run(const ring& packets, std::size_t i) noexcept {
    const auto wire = tx_.protect(packets.buffer(i), packets.packet_len());
    len_ = wire ? wire->size() : 0;
    return wire.has_value();
  }
  bool right(const ring& packets, std::size_t i, std::uint64_t index) {
    const auto rtp = judge_.unprotect(packets.buffer(i).first(len_));
    return rtp && plain_.are_at(rtp->data(), packets, index);
  }

 private:
  plain_packets plain_;
  srtp::sender tx_;
  srtp::receiver judge_;
  std::size_t len_ = 0;
};

/// Header and payload from two places.
class protect_pieces {
 public:
  explicit protect_pieces(srtp::profile p) : profile_(p), tx_(sender_for(p, {"pieces"})) {}
  void refill(const ring& packets, std::uint64_t first) {
    packets.fill(first);
    payload_.assign(packets.payload(0), packets.payload(0) + packets.payload_len());
  }
  bool run(const ring& packets, std::size_t i) noexcept {
    const sotto::const_bytes pieces[] = {payload_};
    return tx_.protect(packets.buffer(i).first(header_len), pieces, packets.buffer(i)).has_value();
  }
  bool right(const ring& packets, std::size_t i, std::uint64_t index) const {
    return holds(packets.at(i), protected_packet(profile_, packets, index));
  }

 private:
  srtp::profile profile_;
  srtp::sender tx_;
  std::vector<std::uint8_t> payload_;
};

/// What a receiver gets to do with packets of a sender.
class arriving {
 public:
  arriving(srtp::profile p, const feature& f) : plain_(f), tx_(sender_for(p, f)), rx_(receiver_for(p, f)) {}
  void refill(const ring& packets, std::uint64_t first) {
    plain_.fill(packets, first);
    for (std::size_t i = 0; i < packets.size(); ++i)
      len_ = tx_.protect(packets.buffer(i), packets.packet_len()).value().size();
  }

 protected:
  plain_packets plain_;
  srtp::sender tx_;
  srtp::receiver rx_;
  std::size_t len_ = 0;
};

class unprotect : public arriving {
 public:
  using arriving::arriving;
  bool run(const ring& packets, std::size_t i) noexcept {
    return rx_.unprotect(packets.buffer(i).first(len_)).has_value();
  }
  bool right(const ring& packets, std::size_t i, std::uint64_t index) const {
    return plain_.are_at(packets.at(i), packets, index);
  }
};

class verify : public arriving {
 public:
  explicit verify(srtp::profile p) : arriving(p, {"verify"}), profile_(p) {}
  bool run(const ring& packets, std::size_t i) noexcept {
    return rx_.verify(packets.buffer(i).first(len_)).has_value();
  }
  bool right(const ring& packets, std::size_t i, std::uint64_t index) const {
    return holds(packets.at(i), protected_packet(profile_, packets, index));
  }

 private:
  srtp::profile profile_;
};

/// RFC 8723: two layers of AES-GCM and an empty Original Header Block.
struct double_keys {
  std::array<std::uint8_t, 32> key = master_key;
  std::array<std::uint8_t, 24> salt{};
  srtp::double_keying keying() {
    for (std::size_t i = 0; i < salt.size(); ++i) salt[i] = static_cast<std::uint8_t>(7 * i);
    return srtp::double_keying::create({.profile = srtp::profile::aead_aes_128_gcm, .key = key, .salt = salt}).value();
  }
};

class protect_twice {
 public:
  protect_twice()
      : tx_(srtp::double_sender::create(double_keys().keying()).value()),
        judge_(srtp::double_receiver::create(double_keys().keying()).value()) {}
  void refill(const ring& packets, std::uint64_t first) const { packets.fill(first); }
  bool run(const ring& packets, std::size_t i) noexcept {
    const auto wire = tx_.protect(packets.buffer(i), packets.packet_len());
    len_ = wire ? wire->size() : 0;
    return wire.has_value();
  }
  bool right(const ring& packets, std::size_t i, std::uint64_t index) {
    const auto got = judge_.unprotect(packets.buffer(i).first(len_));
    return got && holds(got->rtp.data(), packets.plain_packet(index));
  }

 private:
  srtp::double_sender tx_;
  srtp::double_receiver judge_;
  std::size_t len_ = 0;
};

class unprotect_twice {
 public:
  unprotect_twice()
      : tx_(srtp::double_sender::create(double_keys().keying()).value()),
        rx_(srtp::double_receiver::create(double_keys().keying()).value()) {}
  void refill(const ring& packets, std::uint64_t first) {
    packets.fill(first);
    for (std::size_t i = 0; i < packets.size(); ++i)
      len_ = tx_.protect(packets.buffer(i), packets.packet_len()).value().size();
  }
  bool run(const ring& packets, std::size_t i) noexcept {
    return rx_.unprotect(packets.buffer(i).first(len_)).has_value();
  }
  bool right(const ring& packets, std::size_t i, std::uint64_t index) const {
    return packets.holds_plain_packet(i, index);
  }

 private:
  srtp::double_sender tx_;
  srtp::double_receiver rx_;
  std::size_t len_ = 0;
};

}  // namespace

void add_sotto_feature_rows(table& t) {
  if ((t.what != task::protect && t.what != task::unprotect) || t.packets.payload_len() != 160) return;
  const std::string verb = words(t.what).name;
  for (const srtp::profile p : {srtp::profile::aead_aes_128_gcm, srtp::profile::aes_cm_128_hmac_sha1_80}) {
    const std::string kernel = sender_for(p, {"plain"}).kernel_name(), name = row_name(p) + '+';
    for (const feature& f : features()) {
      if (t.encrypts())
        t.add<protect>("sotto", verb, name + f.name, kernel, p, f);
      else
        t.add<unprotect>("sotto", verb, name + f.name, kernel, p, f);
    }
    if (t.encrypts())
      t.add<protect_pieces>("sotto", verb, name + "pieces", kernel, p);
    else
      t.add<verify>("sotto", "verify", row_name(p), kernel, p);
  }
  const std::string kernel = sender_for(srtp::profile::aead_aes_128_gcm, {"plain"}).kernel_name();
  if (t.encrypts())
    t.add<protect_twice>("sotto", verb, "double_aead_aes_128_gcm", kernel);
  else
    t.add<unprotect_twice>("sotto", verb, "double_aead_aes_128_gcm", kernel);
}

}  // namespace bench
