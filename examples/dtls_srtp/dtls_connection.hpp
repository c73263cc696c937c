// SPDX-License-Identifier: BSL-1.0
// One end of a DTLS 1.2 connection that negotiates SRTP (RFC 5764), by OpenSSL, on a socket that is someone else's:
// what arrives there and is DTLS gets handed in.
#pragma once

#include <openssl/ssl.h>

#include <chrono>
#include <cstddef>
#include <exception>
#include <sotto/core/bytes.hpp>
#include <sotto/srtp/dtls_srtp.hpp>
#include <sotto/srtp/profile.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "../support/udp_socket.hpp"
#include "certificate.hpp"
#include "openssl.hpp"

namespace examples {

/// The handshake ended without what a call needs.
struct handshake_error : std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct dtls_options {
  sotto::srtp::dtls_role role = sotto::srtp::dtls_role::client;
  std::vector<sotto::srtp::profile> profiles;  ///< What this end takes, best first; the server's order decides.
  fingerprint peer{};                          ///< That the peer's certificate must have.
};

/// Errors are exceptions: handshake_error, std::system_error of the socket.
class dtls_connection {
 public:
  /// The certificate and the socket, which must be connected, outlive the connection.
  dtls_connection(const dtls_options& options, const certificate& own, udp_socket& socket);
  dtls_connection(const dtls_connection&) = delete;
  dtls_connection& operator=(const dtls_connection&) = delete;

  /// The client's first flight; a server has nothing to say yet.
  void start() { advance(); }
  /// Takes a datagram that is DTLS, and answers. After the handshake too: the peer may not have got our last flight.
  void take(sotto::const_bytes datagram);
  /// How long to wait for a datagram before expire() has something to do; at most the given time.
  std::chrono::milliseconds patience(std::chrono::milliseconds at_most) const;
  /// Sends the last flight again if its answer is overdue.
  void expire();
  /// Tells the peer that nothing more comes.
  void close();

  bool established() const noexcept { return established_; }
  bool closed_by_peer() const noexcept { return closed_by_peer_; }
  const char* version() const noexcept { return SSL_get_version(ssl_.get()); }
  const char* cipher() const noexcept { return SSL_get_cipher_name(ssl_.get()); }

  /// What both ends agreed on. Throws handshake_error if that is nothing.
  sotto::srtp::profile profile() const;
  /// The keying material for the profile, at dtls_srtp_export_len(profile) bytes (RFC 5764 4.2). Secret: the caller
  /// wipes it.
  void export_keys(sotto::mutable_bytes out) const;

 private:
  static BIO_METHOD* datagram_bio();
  static int write_datagram(BIO* bio, const char* bytes, int len);
  static int read_datagram(BIO* bio, char* out, int len);
  static int verify(X509_STORE_CTX* context, void* connection);

  void advance();
  void check(int returned);

  fingerprint expected_;
  udp_socket& socket_;
  sotto::const_bytes arrived_;       // what OpenSSL hasn't read yet
  std::exception_ptr socket_error_;  // kept while C code is on the stack
  std::string mismatch_;
  bool established_ = false, closed_by_peer_ = false;
  ssl_ctx_ptr context_;
  ssl_ptr ssl_;
};

}  // namespace examples
