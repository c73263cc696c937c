// SPDX-License-Identifier: BSL-1.0
// intel-ipsec-mb's rows: the bare AEAD through the direct API with a precomputed key, its quickest way for one packet.
#include <intel-ipsec-mb.h>

#include <cstring>
#include <memory>
#include <stdexcept>
#include <string>

#include "aead.hpp"
#include "rows.hpp"

namespace bench {
namespace {

struct free_manager {
  void operator()(IMB_MGR* m) const noexcept { free_mb_mgr(m); }
};

struct manager {
  manager() : mgr(alloc_mb_mgr(0)) {
    if (mgr == nullptr) throw std::runtime_error("alloc_mb_mgr failed");
    init_mb_mgr_auto(mgr.get(), &arch);
  }
  std::unique_ptr<IMB_MGR, free_manager> mgr;
  IMB_ARCH arch = IMB_ARCH_NONE;
};

const manager& shared_manager() {
  static const manager m;
  return m;
}

/// The expanded key, in its own cache lines, and the scratch context that each call wants.
class gcm {
 public:
  explicit gcm(bare_aead a) : mgr_(shared_manager().mgr.get()), wide_(a == bare_aead::aes_256_gcm) {
    if (wide_)
      IMB_AES256_GCM_PRE(mgr_, master_key.data(), &key_);
    else
      IMB_AES128_GCM_PRE(mgr_, master_key.data(), &key_);
  }
  bool seal(const bare_packet& p) noexcept {
    std::uint8_t* const tag = p.text + p.text_len;
    if (wide_)
      IMB_AES256_GCM_ENC(mgr_, &key_, &context_, p.text, p.text, p.text_len, p.nonce, p.aad, header_len, tag,
                         aead_tag_len);
    else
      IMB_AES128_GCM_ENC(mgr_, &key_, &context_, p.text, p.text, p.text_len, p.nonce, p.aad, header_len, tag,
                         aead_tag_len);
    return true;
  }
  /// The library computes the tag and leaves the comparison, after decryption, to its caller.
  bool open(const bare_packet& p) noexcept {
    std::uint8_t tag[aead_tag_len];
    if (wide_)
      IMB_AES256_GCM_DEC(mgr_, &key_, &context_, p.text, p.text, p.text_len, p.nonce, p.aad, header_len, tag,
                         aead_tag_len);
    else
      IMB_AES128_GCM_DEC(mgr_, &key_, &context_, p.text, p.text, p.text_len, p.nonce, p.aad, header_len, tag,
                         aead_tag_len);
    return std::memcmp(tag, p.text + p.text_len, aead_tag_len) == 0;
  }

 private:
  IMB_MGR* mgr_;
  bool wide_;
  alignas(64) gcm_key_data key_;
  alignas(64) gcm_context_data context_;
};

const char* name_of(IMB_ARCH arch) {
  switch (arch) {
    case IMB_ARCH_NOAESNI: return "no AES-NI";
    case IMB_ARCH_SSE: return "SSE";
    case IMB_ARCH_AVX: return "AVX";
    case IMB_ARCH_AVX2: return "AVX2";
    case IMB_ARCH_AVX512: return "AVX512";
    default: return "unknown";
  }
}

}  // namespace

void add_ipsec_mb_rows(table& t) {
  for (const bare_aead a : aeads_of(t))
    if (a != bare_aead::chacha20_poly1305) add_aead_row<gcm>(t, "ipsec_mb", a, name_of(shared_manager().arch));
}

std::string describe_ipsec_mb() {
  return std::string(SOTTO_PEER_IPSEC_MB) + ", loaded: " + imb_get_version_str() + ", kernels for " +
         name_of(shared_manager().arch);
}

}  // namespace bench
