// SPDX-License-Identifier: BSL-1.0
// libsrtp2's rows.
#include <dlfcn.h>
#include <link.h>
#include <srtp2/srtp.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "rows.hpp"
#include "sotto_operations.hpp"

namespace bench {
namespace {

namespace srtp = sotto::srtp;

static_assert(trailer_room >= SRTP_MAX_TRAILER_LEN);

void set_policy(srtp_crypto_policy_t& policy, srtp::profile p) {
  switch (p) {
    case srtp::profile::null_hmac_sha1_80: return srtp_crypto_policy_set_null_cipher_hmac_sha1_80(&policy);
    case srtp::profile::null_hmac_sha1_32:
      srtp_crypto_policy_set_null_cipher_hmac_sha1_80(&policy);
      policy.auth_tag_len = 4;
      return;
    case srtp::profile::aes_cm_128_hmac_sha1_80: return srtp_crypto_policy_set_aes_cm_128_hmac_sha1_80(&policy);
    case srtp::profile::aes_cm_128_hmac_sha1_32: return srtp_crypto_policy_set_aes_cm_128_hmac_sha1_32(&policy);
    case srtp::profile::aes_192_cm_hmac_sha1_80: return srtp_crypto_policy_set_aes_cm_192_hmac_sha1_80(&policy);
    case srtp::profile::aes_192_cm_hmac_sha1_32: return srtp_crypto_policy_set_aes_cm_192_hmac_sha1_32(&policy);
    case srtp::profile::aes_256_cm_hmac_sha1_80: return srtp_crypto_policy_set_aes_cm_256_hmac_sha1_80(&policy);
    case srtp::profile::aes_256_cm_hmac_sha1_32: return srtp_crypto_policy_set_aes_cm_256_hmac_sha1_32(&policy);
    case srtp::profile::aead_aes_128_gcm: return srtp_crypto_policy_set_aes_gcm_128_16_auth(&policy);
    case srtp::profile::aead_aes_256_gcm: return srtp_crypto_policy_set_aes_gcm_256_16_auth(&policy);
    case srtp::profile::aead_chacha20_poly1305: return;  // ours alone
  }
}

struct free_session {
  void operator()(srtp_t session) const noexcept { srtp_dealloc(session); }
};
using session = std::unique_ptr<srtp_ctx_t, free_session>;

/// Null if this build of libsrtp2 doesn't know the profile. The replay window keeps its default of 128 packets, which
/// is also the quickest: libsrtp2 shifts the whole window for each packet.
session make_session(srtp::profile p, srtp_ssrc_type_t way) {
  if (p == srtp::profile::aead_chacha20_poly1305) return nullptr;
  static const bool initialised = srtp_init() == srtp_err_status_ok;
  if (!initialised) throw std::runtime_error("srtp_init failed");
  const auto keying = keying_for(p);
  std::array<std::uint8_t, master_key.size() + master_salt.size()> key{};
  std::copy(keying.salt.begin(), keying.salt.end(), std::copy(keying.key.begin(), keying.key.end(), key.begin()));
  srtp_policy_t policy{};
  set_policy(policy.rtp, p);
  set_policy(policy.rtcp, p);
  policy.ssrc.type = way;
  policy.key = key.data();
  srtp_t made = nullptr;
  return srtp_create(&made, &policy) == srtp_err_status_ok ? session(made) : nullptr;
}

class protect {
 public:
  protect(srtp::profile p, session tx) : profile_(p), tx_(std::move(tx)) {}
  void refill(const ring& packets, std::uint64_t first) { packets.fill(first); }
  bool run(const ring& packets, std::size_t i) noexcept {
    int len = static_cast<int>(packets.packet_len());
    return srtp_protect(tx_.get(), packets.at(i), &len) == srtp_err_status_ok;
  }
  bool right(const ring& packets, std::size_t i, std::uint64_t index) const {
    return holds(packets.at(i), protected_packet(profile_, packets, index));
  }

 private:
  srtp::profile profile_;
  session tx_;
};

class unprotect {
 public:
  unprotect(srtp::profile p, session rx) : wire_(p), rx_(std::move(rx)) {}
  void refill(const ring& packets, std::uint64_t first) { wire_.fill(packets, first); }
  bool run(const ring& packets, std::size_t i) noexcept {
    int len = static_cast<int>(wire_.len());
    return srtp_unprotect(rx_.get(), packets.at(i), &len) == srtp_err_status_ok;
  }
  bool right(const ring& packets, std::size_t i, std::uint64_t index) const {
    return packets.holds_plain_packet(i, index);
  }

 private:
  protected_packets wire_;
  session rx_;
};

/// Before its issue 763 was fixed, libsrtp2 derived the keys of the AES-192 profiles with AES-256, against RFC 6188.
bool follows_the_rfc(srtp::profile p, session tx, const ring& packets) {
  protect trial(p, std::move(tx));
  trial.refill(packets, 0);
  return trial.run(packets, 0) && trial.right(packets, 0, 0);
}

}  // namespace

void add_libsrtp2_rows(table& t) {
  if (t.what != task::protect && t.what != task::unprotect) return;
  for (const srtp::profile p : srtp::profiles) {
    session s = make_session(p, t.encrypts() ? ssrc_any_outbound : ssrc_any_inbound);
    if (s == nullptr) {
      t.remarks.insert("no rows for libsrtp2 with " + row_name(p) + ": unsupported");
      continue;
    }
    if (srtp::parameters(p).key_len == 24 && !follows_the_rfc(p, make_session(p, ssrc_any_outbound), t.packets)) {
      t.remarks.insert("no rows for libsrtp2 with " + row_name(p) + ": it derives other keys than RFC 6188 says");
      continue;
    }
    if (t.encrypts())
      t.add<protect>("libsrtp2", words(t.what).name, row_name(p), "", p, std::move(s));
    else
      t.add<unprotect>("libsrtp2", words(t.what).name, row_name(p), "", p, std::move(s));
  }
}

std::string describe_libsrtp2() {
  // libsrtp2 doesn't tell its backend. The build's guess comes from its pkg-config file; what the process has loaded
  // shows whether that still holds. Nothing else here uses NSS.
  bool nss = false;
  dl_iterate_phdr(
      [](dl_phdr_info* info, std::size_t, void* found) {
        const std::string_view name = info->dlpi_name;
        if (name.find("libnss3") != std::string_view::npos) *static_cast<bool*>(found) = true;
        return 0;
      },
      &nss);
  std::string text = std::string(SOTTO_PEER_SRTP2) + ", loaded: " + srtp_get_version_string();
  Dl_info where;
  if (dladdr(reinterpret_cast<void*>(&srtp_protect), &where) != 0) text += std::string(" from ") + where.dli_fname;
  return text + (nss ? " with libnss3" : " without libnss3");
}

}  // namespace bench
