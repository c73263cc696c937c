// SPDX-License-Identifier: BSL-1.0
#include "dtls_connection.hpp"

#include <openssl/srtp.h>
#include <sys/time.h>

#include <algorithm>
#include <cstring>
#include <string_view>
#include <utility>

#include "dtls_context.hpp"

namespace examples {
namespace {

namespace srtp = sotto::srtp;

/// Below the smallest MTU that IPv6 allows, as WebRTC's implementations choose.
constexpr long datagram_max_len = 1200;

/// Whether a record (RFC 6347 4.1) of a later epoch is shorter than the nonce and the tag that all ours have (RFC 5288
/// 3). Anybody can send it, and though it should be discarded (RFC 6347 4.1.2.7), OpenSSL before 3.0.22 ends the
/// connection over it.
bool has_impossible_record(sotto::const_bytes datagram) {
  constexpr std::size_t header_len = 13, epoch_at = 3, len_at = 11, protection_len = 8 + 16;
  while (datagram.size() >= header_len) {
    const std::size_t len = sotto::core::load_be16(&datagram[len_at]);
    if (sotto::core::load_be16(&datagram[epoch_at]) != 0 && len < protection_len) return true;
    datagram = datagram.subspan(std::min(header_len + len, datagram.size()));
  }
  return false;
}

}  // namespace

dtls_connection::dtls_connection(const dtls_options& o, const certificate& own, udp_socket& socket)
    : expected_(o.peer), socket_(socket), context_(make_dtls_context(o.profiles, own)) {
  // No authority vouches for the certificate: the fingerprint does, and both ends show one.
  SSL_CTX_set_verify(context_.get(), SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  SSL_CTX_set_cert_verify_callback(context_.get(), &dtls_connection::verify, this);
  ssl_.reset(SSL_new(context_.get()));
  BIO* const bio = BIO_new(datagram_bio());
  if (!ssl_ || bio == nullptr) {
    BIO_free(bio);
    require(false, "preparing DTLS");
  }
  BIO_set_data(bio, this);
  BIO_set_init(bio, 1);
  SSL_set_bio(ssl_.get(), bio, bio);  // which now own it
  SSL_set_mtu(ssl_.get(), datagram_max_len);
  if (o.role == srtp::dtls_role::client)
    SSL_set_connect_state(ssl_.get());
  else
    SSL_set_accept_state(ssl_.get());
}

void dtls_connection::take(sotto::const_bytes datagram) {
  if (has_impossible_record(datagram)) return;
  arrived_ = datagram;
  advance();
  arrived_ = {};
}

std::chrono::milliseconds dtls_connection::patience(std::chrono::milliseconds at_most) const {
  timeval left{};
  if (DTLSv1_get_timeout(ssl_.get(), &left) != 1) return at_most;
  // Rounded up, or the last fraction of a millisecond would be spent asking again and again.
  const auto wait = std::chrono::seconds(left.tv_sec) + std::chrono::microseconds(left.tv_usec + 999);
  return std::min(at_most, std::chrono::duration_cast<std::chrono::milliseconds>(wait));
}

void dtls_connection::expire() {
  ERR_clear_error();
  if (DTLSv1_handle_timeout(ssl_.get()) < 0) check(-1);
}

void dtls_connection::close() {
  ERR_clear_error();
  // 0 says that the peer hasn't closed yet; nobody waits for that.
  if (const int returned = SSL_shutdown(ssl_.get()); returned < 0) check(returned);
}

srtp::profile dtls_connection::profile() const {
  const SRTP_PROTECTION_PROFILE* const selected = SSL_get_selected_srtp_profile(ssl_.get());
  if (selected == nullptr)
    throw handshake_error(
        "the handshake agreed on no SRTP profile: the ends have none in common, or the peer doesn't do DTLS-SRTP");
  const auto found = srtp::find_dtls_srtp_profile(static_cast<std::uint16_t>(selected->id));
  if (!found) throw handshake_error("the handshake agreed on an SRTP profile that isn't known here");
  return *found;
}

void dtls_connection::export_keys(sotto::mutable_bytes out) const {
  // Without it, someone in the middle could make two connections have the same keys (RFC 7627 4).
  if (SSL_get_extms_support(ssl_.get()) != 1) throw handshake_error("the peer doesn't do extended master secrets");
  constexpr std::string_view label = srtp::dtls_srtp_exporter_label;
  require(
      SSL_export_keying_material(ssl_.get(), out.data(), out.size(), label.data(), label.size(), nullptr, 0, 0) == 1,
      "exporting the SRTP keys");
}

void dtls_connection::advance() {
  ERR_clear_error();
  if (!established_) {
    const int returned = SSL_do_handshake(ssl_.get());
    if (returned != 1) return check(returned);
    established_ = true;
  }
  // No application data comes in a call, but alerts and repeated flights do.
  std::uint8_t unused[256];
  int returned;
  do returned = SSL_read(ssl_.get(), unused, sizeof unused);
  while (returned > 0);
  check(returned);
}

void dtls_connection::check(int returned) {
  const int what = SSL_get_error(ssl_.get(), returned);
  if (socket_error_) std::rethrow_exception(std::exchange(socket_error_, nullptr));
  if (what == SSL_ERROR_NONE || what == SSL_ERROR_WANT_READ || what == SSL_ERROR_WANT_WRITE) return;
  if (what == SSL_ERROR_ZERO_RETURN) {
    closed_by_peer_ = true;
    return;
  }
  if (!mismatch_.empty()) throw handshake_error(mismatch_);
  throw handshake_error((established_ ? "DTLS: " : "DTLS handshake: ") + openssl_reasons());
}

int dtls_connection::verify(X509_STORE_CTX* context, void* connection) {
  auto& self = *static_cast<dtls_connection*>(connection);
  try {
    const X509* const shown = X509_STORE_CTX_get0_cert(context);
    if (shown != nullptr && fingerprint_of(*shown) == self.expected_) return 1;
    self.mismatch_ = "the peer's certificate isn't the one whose fingerprint was signalled: expected " +
                     to_text(self.expected_) + ", got " + (shown != nullptr ? to_text(fingerprint_of(*shown)) : "none");
  } catch (const std::exception& e) {
    self.mismatch_ = e.what();
  }
  X509_STORE_CTX_set_error(context, X509_V_ERR_CERT_REJECTED);  // which the peer hears of as bad_certificate
  return 0;
}

/// A BIO that keeps datagrams apart: each write is one, and so is each read.
BIO_METHOD* dtls_connection::datagram_bio() {
  static const bio_method_ptr method = [] {
    bio_method_ptr made(BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "datagrams"));
    require(made && BIO_meth_set_write(made.get(), &dtls_connection::write_datagram) == 1 &&
                BIO_meth_set_read(made.get(), &dtls_connection::read_datagram) == 1 &&
                BIO_meth_set_ctrl(
                    made.get(),
                    [](BIO*, int command, long, void*) -> long { return command == BIO_CTRL_FLUSH ? 1 : 0; }) == 1,
            "preparing DTLS");
    return made;
  }();
  return method.get();
}

int dtls_connection::write_datagram(BIO* bio, const char* bytes, int len) {
  auto& self = *static_cast<dtls_connection*>(BIO_get_data(bio));
  BIO_clear_retry_flags(bio);
  try {
    self.socket_.send({reinterpret_cast<const std::uint8_t*>(bytes), static_cast<std::size_t>(len)});
    return len;
  } catch (...) {
    self.socket_error_ = std::current_exception();
    return -1;
  }
}

int dtls_connection::read_datagram(BIO* bio, char* out, int len) {
  auto& self = *static_cast<dtls_connection*>(BIO_get_data(bio));
  BIO_clear_retry_flags(bio);
  if (self.arrived_.empty()) {
    BIO_set_retry_read(bio);
    return -1;
  }
  const std::size_t n = std::min(static_cast<std::size_t>(len), self.arrived_.size());
  std::memcpy(out, self.arrived_.data(), n);
  self.arrived_ = {};  // what doesn't fit is lost, as with a socket
  return static_cast<int>(n);
}

}  // namespace examples
