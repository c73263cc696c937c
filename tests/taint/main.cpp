// SPDX-License-Identifier: BSL-1.0
// No kernel's branches or addresses depend on keys, plaintexts or expected tags, nor do those of handshakes, frames
// and packets. With --plant-leak: the tool does report code that leaks, so its silence means something.
#include <sys/wait.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstring>
#include <span>
#include <string>

#include "aes.hpp"
#include "chacha20_poly1305.hpp"
#include "hash.hpp"
#include "noise.hpp"
#include "sframe.hpp"
#include "sotto/cpu/features.hpp"
#include "srtp.hpp"
#include "x25519.hpp"

namespace {

/// Runs work in a process of its own. True if the tool reported something there.
template <class Work>
bool reported(Work work) {
  std::fflush(stdout);
  const pid_t child = ::fork();
  if (child == 0) {
    const unsigned before = taint::errors_so_far();
    work();
    ::_exit(taint::errors_so_far() == before ? 0 : 1);
  }
  int status = 0;
  return child < 0 || ::waitpid(child, &status, 0) != child || !WIFEXITED(status) || WEXITSTATUS(status) != 0;
}

/// Why this tool can't judge a kernel, or empty.
std::string why_not(const std::string& kernel, sotto::cpu::feature_set needs) {
  const sotto::cpu::feature_set unannounced(taint::unannounced_features);
  const auto missing = needs.without(sotto::cpu::detected()).without(unannounced);
  if (missing.bits() != 0) {
    std::string text = std::string("the processor that ") + taint::tool + " offers lacks";
    for (const auto& f : sotto::cpu::feature_names)
      if (missing.contains(f.feature)) text += std::string(" ") + f.name;
    return text;
  }
  if (!taint::follows_assembly && kernel == "x86_adx") return std::string(taint::tool) + " doesn't follow assembly";
  return {};
}

struct tally {
  int checked = 0, leaking = 0, skipped = 0;
};

template <class Kernel>
void check(tally& t, const char* algorithm, std::span<const sotto::cpu::candidate<Kernel>> candidates) {
  for (const auto& c : candidates) {
    std::printf("%-18s %-18s ", algorithm, c.kernel->name);
    if (const std::string reason = why_not(c.kernel->name, c.needs); !reason.empty()) {
      ++t.skipped;
      std::printf("SKIPPED: %s\n", reason.c_str());
      continue;
    }
    ++t.checked;
    const bool leaks = reported([&] { taint::run(*c.kernel); });
    t.leaking += leaks ? 1 : 0;
    std::printf("%s\n", leaks ? "LEAKS" : "no dependence on secrets");
  }
}

/// What stands above the kernels, on those that this processor gets, as the tool shows it.
void check_above(tally& t, const char* what, void (*run)()) {
  std::printf("%-18s %-18s ", what, "selected kernels");
  ++t.checked;
  const bool leaks = reported(run);
  t.leaking += leaks ? 1 : 0;
  std::printf("%s\n", leaks ? "LEAKS" : "no dependence on secrets");
}

int check_kernels() {
  tally t;
  namespace k = sotto::kernels;
  check(t, "aes", k::aes::candidates());
  check(t, "aes_gcm", k::aes_gcm::candidates());
  check(t, "aes_cm_hmac_sha1", k::aes_cm_hmac_sha1::candidates());
  check(t, "chacha20_poly1305", k::chacha20_poly1305::candidates());
  check(t, "x25519", k::x25519::candidates());
  check(t, "sha1", k::sha1::candidates());
  check(t, "sha256", k::sha256::candidates());
  check(t, "sha512", k::sha512::candidates());
  check_above(t, "noise", taint::run_noise);
  check_above(t, "sframe", taint::run_frames);
  check_above(t, "srtp", taint::run_srtp);
  std::printf("%s: %d checked, %d leaking, %d skipped\n", taint::tool, t.checked, t.leaking, t.skipped);
  return t.checked != 0 && t.leaking == 0 ? 0 : 1;
}

volatile std::uint8_t table[256];
volatile std::uint8_t sink;

int check_planted_leaks() {
  const bool branch = reported([] {
    taint::buffer secret(16, taint::buffer::hidden);
    if (secret.data()[5] & 1) sink = 1;
  });
  const bool index = reported([] {
    taint::buffer secret(16, taint::buffer::hidden);
    sink = table[secret.data()[5]];
  });
  const bool early_exit = reported([] {
    taint::buffer secret(16, taint::buffer::hidden), guess(16);
    std::size_t same = 0;
    while (same < 16 && secret.data()[same] == guess.data()[same]) ++same;
    sink = static_cast<std::uint8_t>(same);
  });
  const bool innocent = reported([] {
    taint::buffer secret(16, taint::buffer::hidden);
    sink = static_cast<std::uint8_t>(secret.data()[5] * 3 + secret.data()[6]);
  });
  const bool ladder = reported([] {
    taint::buffer scalar(32, taint::buffer::hidden), u(32), out(32);
    taint::branch_on_scalar_bit(out.data(), scalar.data(), u.data());
  });
  const bool window = reported([] {
    taint::buffer scalar(32, taint::buffer::hidden), out(32);
    taint::index_by_scalar_digit(out.data(), scalar.data());
  });
  const bool shared_secret = reported([] {
    taint::buffer scalar(32, taint::buffer::hidden), u(32), out(32);
    sotto::kernels::x25519::select().multiply(out.data(), scalar.data(), u.data());
    if (out.data()[31] == 0) sink = 1;
  });
  const bool tag_compare = reported([] {
    taint::buffer secret(32, taint::buffer::hidden), tag(32), guess(32);
    sotto::crypto::hmac_sha256(sotto::const_bytes(secret.data(), 32))
        .compute({guess.data(), 32}, std::span<std::uint8_t, 32>(tag.data(), 32));
    if (std::memcmp(tag.data(), guess.data(), 32) == 0) sink = 1;
  });
  int wrong = 0;
  const auto expect = [&wrong](const char* what, bool is_reported, bool should_be) {
    wrong += is_reported != should_be;
    std::printf("%-50s %s%s\n", what, is_reported ? "reported" : "passed", is_reported == should_be ? "" : ": WRONG");
  };
  expect("planted branch", branch, true);
  expect("planted index", index, true);
  expect("planted early exit", early_exit, true);
  expect("planted branch on a bit of an X25519 scalar", ladder, true);
  expect("planted index by a digit of an X25519 scalar", window, true);
  expect("planted branch on a shared secret", shared_secret, true);
  expect("planted memcmp of a tag", tag_compare, true);
  expect("innocent arithmetic", innocent, false);
  return wrong == 0 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  if (!taint::tool_is_running()) {
    std::fprintf(stderr, "sotto_taint: run this program under %s\n", taint::tool);
    return 2;
  }
  if (argc == 1) return check_kernels();
  if (argc == 2 && std::strcmp(argv[1], "--plant-leak") == 0) return check_planted_leaks();
  std::fprintf(stderr, "usage: sotto_taint [--plant-leak]\n");
  return 2;
}
