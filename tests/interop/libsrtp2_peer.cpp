// SPDX-License-Identifier: BSL-1.0
// libsrtp's ends.
#include <srtp2/srtp.h>

#include <stdexcept>
#include <utility>

#include "libsrtp2.hpp"

namespace interop {
namespace {

/// The room that libsrtp wants behind a packet.
constexpr std::size_t trailer_room = SRTP_MAX_TRAILER_LEN + 4;

void set_policy(srtp_crypto_policy_t& policy, srtp::profile p, bool rtcp) {
  switch (p) {
    case srtp::profile::null_hmac_sha1_80: return srtp_crypto_policy_set_null_cipher_hmac_sha1_80(&policy);
    case srtp::profile::null_hmac_sha1_32:
      srtp_crypto_policy_set_null_cipher_hmac_sha1_80(&policy);
      if (!rtcp) policy.auth_tag_len = 4;
      return;
    case srtp::profile::aes_cm_128_hmac_sha1_32:
      if (!rtcp) return srtp_crypto_policy_set_aes_cm_128_hmac_sha1_32(&policy);
      [[fallthrough]];
    case srtp::profile::aes_cm_128_hmac_sha1_80: return srtp_crypto_policy_set_aes_cm_128_hmac_sha1_80(&policy);
    case srtp::profile::aes_256_cm_hmac_sha1_32:
      if (!rtcp) return srtp_crypto_policy_set_aes_cm_256_hmac_sha1_32(&policy);
      [[fallthrough]];
    case srtp::profile::aes_256_cm_hmac_sha1_80: return srtp_crypto_policy_set_aes_cm_256_hmac_sha1_80(&policy);
    case srtp::profile::aead_aes_128_gcm: return srtp_crypto_policy_set_aes_gcm_128_16_auth(&policy);
    case srtp::profile::aead_aes_256_gcm: return srtp_crypto_policy_set_aes_gcm_256_16_auth(&policy);
    default: throw std::invalid_argument("not a profile of libsrtp's");
  }
}

/// A session of libsrtp's, either way, under all of an agreement's master keys.
class peer {
 public:
  peer(const agreement& a, srtp_ssrc_type_t way) : use_mki_(a.masters.size() > 1) {
    static const bool initialised = srtp_init() == srtp_err_status_ok;
    if (!initialised) throw std::runtime_error("srtp_init failed");
    for (const auto& m : a.masters) add(m);
    for (auto& k : entries_) pointers_.push_back(&k);
    std::vector<int> ids(a.encrypted_extensions.begin(), a.encrypted_extensions.end());
    srtp_policy_t policy{};
    set_policy(policy.rtp, a.profile, false);
    set_policy(policy.rtcp, a.profile, true);
    if (!a.encrypt_rtp) policy.rtp.sec_serv = sec_serv_auth;
    if (!a.encrypt_rtcp) policy.rtcp.sec_serv = sec_serv_auth;
    if (use_mki_) {
      policy.keys = pointers_.data();
      policy.num_master_keys = pointers_.size();
    } else {
      policy.key = entries_.front().key;
    }
    policy.enc_xtn_hdr = ids.data();
    policy.enc_xtn_hdr_count = static_cast<int>(ids.size());
    policy.ssrc.type = way;
    create(policy, a.ssrcs);
  }

  bool usable() const { return session_ != nullptr; }
  srtp_t session() const { return session_.get(); }
  bool use_mki() const { return use_mki_; }

  bool set_roc(std::uint32_t ssrc, std::uint32_t roc) {
    return srtp_set_stream_roc(session(), ssrc, roc) == srtp_err_status_ok;
  }
  std::uint32_t roc(std::uint32_t ssrc) {
    std::uint32_t roc = 0;
    if (srtp_get_stream_roc(session(), ssrc, &roc) != srtp_err_status_ok) throw std::runtime_error("no such stream");
    return roc;
  }

 private:
  struct free_session {
    void operator()(srtp_t session) const noexcept { srtp_dealloc(session); }
  };

  void add(const keys::master& m) {
    octets key = m.key, mki = m.mki;
    key.insert(key.end(), m.salt.begin(), m.salt.end());
    entries_.push_back({key.data(), mki.data(), static_cast<unsigned>(mki.size())});
    bytes_.push_back(std::move(key));  // which stays where it is
    bytes_.push_back(std::move(mki));
  }
  void create(srtp_policy_t& policy, const std::vector<std::uint32_t>& ssrcs) {
    srtp_t made = nullptr;
    if (ssrcs.empty()) {
      if (srtp_create(&made, &policy) == srtp_err_status_ok) session_.reset(made);
      return;
    }
    if (srtp_create(&made, nullptr) != srtp_err_status_ok) return;
    session_.reset(made);
    policy.ssrc.type = ssrc_specific;
    for (const std::uint32_t ssrc : ssrcs) {
      policy.ssrc.value = ssrc;
      if (srtp_add_stream(made, &policy) != srtp_err_status_ok) return session_.reset();
    }
  }

  bool use_mki_;
  std::vector<octets> bytes_;
  std::vector<srtp_master_key_t> entries_;
  std::vector<srtp_master_key_t*> pointers_;
  std::unique_ptr<srtp_ctx_t, free_session> session_;
};

class libsrtp_sending : public sending_end {
 public:
  explicit libsrtp_sending(const agreement& a) : peer_(a, ssrc_any_outbound) {}
  bool usable() const { return peer_.usable(); }
  octets protect(const octets& rtp) override { return run(srtp_protect_mki, rtp); }
  octets protect_rtcp(const octets& rtcp) override { return run(srtp_protect_rtcp_mki, rtcp); }
  bool add_key(std::size_t) override { return true; }
  bool use_key(std::size_t n) override {
    active_ = static_cast<unsigned>(n);
    return true;
  }
  bool set_roc(std::uint32_t ssrc, std::uint32_t roc) override { return peer_.set_roc(ssrc, roc); }
  std::uint32_t roc(std::uint32_t ssrc) override { return peer_.roc(ssrc); }

 private:
  template <class F>
  octets run(F call, const octets& packet) {
    octets buffer = packet;
    buffer.resize(packet.size() + trailer_room);
    int len = static_cast<int>(packet.size());
    if (call(peer_.session(), buffer.data(), &len, peer_.use_mki(), active_) != srtp_err_status_ok) return {};
    buffer.resize(static_cast<std::size_t>(len));
    return buffer;
  }

  peer peer_;
  unsigned active_ = 0;
};

class libsrtp_receiving : public receiving_end {
 public:
  explicit libsrtp_receiving(const agreement& a) : peer_(a, ssrc_any_inbound) {}
  bool usable() const { return peer_.usable(); }
  outcome unprotect(const octets& wire) override { return run(srtp_unprotect_mki, wire); }
  outcome unprotect_rtcp(const octets& wire) override { return run(srtp_unprotect_rtcp_mki, wire); }
  bool add_key(std::size_t) override { return true; }
  bool set_roc(std::uint32_t ssrc, std::uint32_t roc) override { return peer_.set_roc(ssrc, roc); }
  std::uint32_t roc(std::uint32_t ssrc) override { return peer_.roc(ssrc); }

 private:
  template <class F>
  outcome run(F call, octets buffer) {
    int len = static_cast<int>(buffer.size());
    const srtp_err_status_t status = call(peer_.session(), buffer.data(), &len, peer_.use_mki());
    if (status == srtp_err_status_replay_fail || status == srtp_err_status_replay_old) return {verdict::replayed, {}};
    if (status != srtp_err_status_ok) return {verdict::refused, {}};
    buffer.resize(static_cast<std::size_t>(len));
    return {verdict::accepted, std::move(buffer)};
  }

  peer peer_;
};

template <class End, class Interface>
std::unique_ptr<Interface> usable(const agreement& a) {
  auto end = std::make_unique<End>(a);
  if (!end->usable()) return nullptr;
  return end;
}

}  // namespace

std::unique_ptr<sending_end> libsrtp_sender(const agreement& a) { return usable<libsrtp_sending, sending_end>(a); }
std::unique_ptr<receiving_end> libsrtp_receiver(const agreement& a) {
  return usable<libsrtp_receiving, receiving_end>(a);
}

}  // namespace interop
