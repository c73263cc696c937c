// SPDX-License-Identifier: BSL-1.0
// Protected packets by the RFCs' formulas over OpenSSL's ciphers, where it is installed.
#pragma once

#if defined(SOTTO_PEER_OPENSSL)

#include <cstddef>
#include <cstdint>

#include "bytes.hpp"
#include "openssl.hpp"
#include "srtp_model.hpp"

namespace fuzz {

/// What a master key makes of plain packets.
class srtp_reference {
 public:
  srtp_reference(const wire_format& format, const bytes& master_key, const bytes& master_salt) : format_(format) {
    rtp_ = derive(master_key, master_salt, 0);
    rtcp_ = derive(master_key, master_salt, 3);
  }

  /// RFC 3711 3.1; RFC 7714 8.
  bytes protect_rtp(const bytes& plain, std::size_t header_len, std::uint64_t index) const {
    const bytes header = slice(plain, 0, header_len), payload = slice(plain, header_len, plain.size() - header_len);
    const std::uint64_t roc = index >> 16;
    if (format_.aead()) {
      bytes iv(2);
      append(iv, slice(plain, 8, 4));
      append_number(iv, index, 6);
      bytes wire(header);
      append(wire, aead_seal(rtp_, iv, header, payload));
      append(wire, format_.mki);
      return wire;
    }
    bytes wire(header);
    append(wire, cipher(rtp_, slice(plain, 8, 4), index, payload));
    bytes authenticated(wire);
    append_number(authenticated, roc, 4);
    append(wire, format_.mki);
    append(wire, slice(openssl::hmac(EVP_sha1(), rtp_.auth, authenticated), 0, format_.rtp_tag_len));
    return wire;
  }

  /// RFC 3711 3.4; RFC 7714 9.
  bytes protect_rtcp(const bytes& plain, std::uint32_t index, bool encrypted) const {
    encrypted = encrypted && format_.cipher != wire_format::no_cipher;
    bytes word;
    append_number(word, index | (encrypted ? 0x80000000u : 0u), 4);
    const std::size_t clear = encrypted ? 8 : plain.size();
    bytes wire = slice(plain, 0, clear);
    const bytes text = slice(plain, clear, plain.size() - clear), ssrc = slice(plain, 4, 4);
    if (format_.aead()) {
      bytes iv(2), aad(wire);
      append(iv, ssrc);
      append_number(iv, index, 6);
      append(aad, word);
      append(wire, aead_seal(rtcp_, iv, aad, text));
      append(wire, word);
      append(wire, format_.mki);
      return wire;
    }
    append(wire, encrypted ? cipher(rtcp_, ssrc, index, text) : text);
    append(wire, word);
    const bytes authenticated(wire);
    append(wire, format_.mki);
    append(wire, slice(openssl::hmac(EVP_sha1(), rtcp_.auth, authenticated), 0, format_.rtcp_tag_len));
    return wire;
  }

 private:
  struct session_keys {
    bytes encryption, auth, salt;
  };

  static void append_number(bytes& to, std::uint64_t number, std::size_t len) {
    for (std::size_t i = len; i-- != 0;) to.push_back(static_cast<std::uint8_t>(number >> (8 * i)));
  }
  static void exclusive_or(bytes& into, std::size_t at, const bytes& with) {
    for (std::size_t i = 0; i < with.size(); ++i) into[at + i] ^= with[i];
  }

  /// RFC 3711 4.3, rate 0; RFC 6188 3 and RFC 7714 11 for other lengths: key stream from a counter that is the master
  /// salt, padded to 14 bytes at its end, with the label in its eighth byte.
  session_keys derive(const bytes& master_key, const bytes& master_salt, unsigned first_label) const {
    const auto stream = [&](unsigned label, std::size_t len) {
      bytes counter(master_salt);
      counter.resize(16);
      counter[7] ^= static_cast<std::uint8_t>(label);
      return openssl::ctr(master_key, counter, bytes(len));
    };
    return {stream(first_label, master_key.size()), stream(first_label + 1, 20),
            stream(first_label + 2, master_salt.size())};
  }

  /// RFC 3711 4.1.1.
  bytes cipher(const session_keys& keys, const bytes& ssrc, std::uint64_t index, const bytes& text) const {
    if (format_.cipher == wire_format::no_cipher) return text;
    bytes counter(keys.salt), number;
    counter.resize(16);
    append_number(number, index, 6);
    exclusive_or(counter, 4, ssrc);
    exclusive_or(counter, 8, number);
    return openssl::ctr(keys.encryption, counter, text);
  }
  /// RFC 7714 8.1 and 9.1.
  bytes aead_seal(const session_keys& keys, bytes iv, const bytes& aad, const bytes& text) const {
    exclusive_or(iv, 0, keys.salt);
    if (format_.cipher == wire_format::chacha20_poly1305)
      return openssl::chacha20_poly1305_seal(keys.encryption, iv, aad, text);
    return openssl::gcm_seal(keys.encryption, iv, aad, text);
  }

  wire_format format_;
  session_keys rtp_, rtcp_;
};

}  // namespace fuzz

#endif
