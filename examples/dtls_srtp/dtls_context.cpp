// SPDX-License-Identifier: BSL-1.0
#include "dtls_context.hpp"

#include <openssl/srtp.h>

namespace examples {
namespace {

namespace srtp = sotto::srtp;

// RFC 8827 6.5 wants the first of them from everyone. AES-GCM alone, as dtls_connection looks at its records' lengths.
constexpr const char* ciphers = "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384";

/// OpenSSL's names differ from the registry's.
struct openssl_profile {
  srtp::profile profile;
  const char* name;
};
constexpr openssl_profile openssl_profiles[] = {
    {srtp::profile::aead_aes_128_gcm, "SRTP_AEAD_AES_128_GCM"},
    {srtp::profile::aead_aes_256_gcm, "SRTP_AEAD_AES_256_GCM"},
    {srtp::profile::aes_cm_128_hmac_sha1_80, "SRTP_AES128_CM_SHA1_80"},
    {srtp::profile::aes_cm_128_hmac_sha1_32, "SRTP_AES128_CM_SHA1_32"},
};

std::string use_srtp_list(const std::vector<srtp::profile>& profiles) {
  std::string list;
  for (const auto wanted : profiles)
    for (const auto& known : openssl_profiles)
      if (known.profile == wanted) list += (list.empty() ? "" : ":") + std::string(known.name);
  return list;
}

}  // namespace

std::vector<srtp::profile> dtls_profiles() {
  std::vector<srtp::profile> known;
  for (const auto& p : openssl_profiles) known.push_back(p.profile);
  return known;
}

ssl_ctx_ptr make_dtls_context(const std::vector<srtp::profile>& profiles, const certificate& own) {
  ssl_ctx_ptr made(SSL_CTX_new(DTLS_method()));
  SSL_CTX* const c = made.get();
  require(c != nullptr && SSL_CTX_set_min_proto_version(c, DTLS1_2_VERSION) == 1 &&
              SSL_CTX_set_max_proto_version(c, DTLS1_2_VERSION) == 1 && SSL_CTX_set_cipher_list(c, ciphers) == 1 &&
              SSL_CTX_use_certificate(c, own.x509.get()) == 1 && SSL_CTX_use_PrivateKey(c, own.key.get()) == 1,
          "preparing DTLS");
  // One call, one handshake: nothing to resume, to renegotiate or to ask the path for.
  SSL_CTX_set_options(c, SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_QUERY_MTU);
  SSL_CTX_set_session_cache_mode(c, SSL_SESS_CACHE_OFF);
  // Unlike all others, this one returns 0 for success.
  require(SSL_CTX_set_tlsext_use_srtp(c, use_srtp_list(profiles).c_str()) == 0, "offering SRTP profiles");
  return made;
}

}  // namespace examples
