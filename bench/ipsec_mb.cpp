// SPDX-License-Identifier: BSL-1.0
// intel-ipsec-mb's rows: the bare AEAD through the direct API with a precomputed key, its quickest way for one packet.
#include <intel-ipsec-mb.h>

#include <cstring>
#include <memory>
#include <stdexcept>
#include <string>

#include "rows.hpp"
#include "sotto_operations.hpp"

namespace bench {
namespace {

constexpr std::size_t tag_len = 16;

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
struct state {
  explicit state(std::size_t key_len) : mgr(shared_manager().mgr.get()), wide(key_len == 32) {
    if (wide)
      IMB_AES256_GCM_PRE(mgr, master_key.data(), &key);
    else
      IMB_AES128_GCM_PRE(mgr, master_key.data(), &key);
  }
  IMB_MGR* mgr;
  bool wide;
  alignas(64) gcm_key_data key;
  alignas(64) gcm_context_data context;
};

class seal {
 public:
  explicit seal(std::size_t key_len) : key_len_(key_len), state_(key_len) {}
  void refill(const ring& packets, std::uint64_t first) {
    fill(nonces_, first);
    packets.fill(first);
  }
  bool run(const ring& packets, std::size_t i) noexcept {
    state& s = state_;
    std::uint8_t* const text = packets.payload(i);
    const std::size_t len = packets.payload_len();
    if (s.wide)
      IMB_AES256_GCM_ENC(s.mgr, &s.key, &s.context, text, text, len, nonces_[i].data(), packets.at(i), header_len,
                         text + len, tag_len);
    else
      IMB_AES128_GCM_ENC(s.mgr, &s.key, &s.context, text, text, len, nonces_[i].data(), packets.at(i), header_len,
                         text + len, tag_len);
    return true;
  }
  bool right(const ring& packets, std::size_t i, std::uint64_t index) const {
    return holds(packets.payload(i), sealed_payload(key_len_, packets, index));
  }

 private:
  std::size_t key_len_;
  state state_;
  nonces nonces_;
};

/// The library computes the tag and leaves the comparison, after decryption, to its caller.
class open {
 public:
  explicit open(std::size_t key_len) : sealed_(key_len), state_(key_len) {}
  void refill(const ring& packets, std::uint64_t first) {
    fill(nonces_, first);
    sealed_.fill(packets, nonces_, first);
  }
  bool run(const ring& packets, std::size_t i) noexcept {
    state& s = state_;
    std::uint8_t* const text = packets.payload(i);
    const std::size_t len = packets.payload_len();
    std::uint8_t tag[tag_len];
    if (s.wide)
      IMB_AES256_GCM_DEC(s.mgr, &s.key, &s.context, text, text, len, nonces_[i].data(), packets.at(i), header_len, tag,
                         tag_len);
    else
      IMB_AES128_GCM_DEC(s.mgr, &s.key, &s.context, text, text, len, nonces_[i].data(), packets.at(i), header_len, tag,
                         tag_len);
    return std::memcmp(tag, text + len, tag_len) == 0;
  }
  bool right(const ring& packets, std::size_t i, std::uint64_t index) const {
    return packets.holds_plain_packet(i, index);
  }

 private:
  sealed_packets sealed_;
  state state_;
  nonces nonces_;
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
  for (const std::size_t key_len : {std::size_t{16}, std::size_t{32}}) {
    const std::string algorithm = "aes_" + std::to_string(8 * key_len) + "_gcm";
    const std::string kernel = name_of(shared_manager().arch);
    if (t.way == direction::protect)
      t.add<seal>("ipsec_mb", bare_name(t.way), algorithm, kernel, key_len);
    else
      t.add<open>("ipsec_mb", bare_name(t.way), algorithm, kernel, key_len);
  }
}

std::string describe_ipsec_mb() {
  return std::string(SOTTO_PEER_IPSEC_MB) + ", loaded: " + imb_get_version_str() + ", kernels for " +
         name_of(shared_manager().arch);
}

}  // namespace bench
