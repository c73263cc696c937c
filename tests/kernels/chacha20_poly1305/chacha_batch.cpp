// SPDX-License-Identifier: BSL-1.0
// A batch does exactly what single calls do, whatever the number of jobs, their lengths, keys and AAD, and whichever of
// them are forged; each buffer lies between unreadable pages.
#include <algorithm>
#include <memory>
#include <string>

#include "algorithm.hpp"
#include "support/aead_rig.hpp"
#include "support/catch.hpp"
#include "support/fault_note.hpp"
#include "support/grid.hpp"
#include "support/runnable.hpp"

using chacha_test::chacha20_poly1305;
namespace chacha = sotto::kernels::chacha20_poly1305;
using support::aead_sample;
using support::edge;
using support::guard_pages;
using octets = std::vector<std::uint8_t>;

namespace {

constexpr std::size_t max_jobs = 20, max_len = 1500;

/// Buffers of one job.
struct lane {
  guard_pages nonce{12}, aad{64}, tail{16}, in{max_len}, out{max_len}, tag{16};
  chacha::key key;
  aead_sample sample;
  bool in_place = false, forged = false;
};

class batch_rig {
 public:
  batch_rig() {
    for (std::size_t i = 0; i < max_jobs; ++i) lanes_.push_back(std::make_unique<lane>());
  }

  /// Null if sealing and opening the samples gives what the reference gave. forged has a bit for each job.
  const char* run(const chacha::kernel& kernel, const std::vector<aead_sample>& samples, std::uint32_t forged,
                  std::size_t turn) {
    for (std::size_t i = 0; i < samples.size(); ++i) {
      lane& l = *lanes_[i];
      l.sample = samples[i];
      l.key = chacha_test::key_of(samples[i].key);
      l.in_place = (turn + i) % 3 == 0;
      l.forged = ((forged >> i) & 1) != 0;
    }
    fault_.now(kernel.name, "seal_batch", 0, samples.size());
    lay_out(samples.size(), turn, true);
    kernel.seal_batch(jobs_, samples.size());
    for (std::size_t i = 0; i < samples.size(); ++i)
      if (const char* wrong = judge_sealed(*lanes_[i], jobs_[i])) return wrong;

    fault_.now(kernel.name, "open_batch", 0, samples.size());
    lay_out(samples.size(), turn, false);
    kernel.open_batch(jobs_, samples.size());
    for (std::size_t i = 0; i < samples.size(); ++i)
      if (const char* wrong = judge_opened(*lanes_[i], jobs_[i])) return wrong;
    return nullptr;
  }

 private:
  void lay_out(std::size_t count, std::size_t turn, bool sealing) {
    for (std::size_t i = 0; i < count; ++i) {
      lane& l = *lanes_[i];
      const aead_sample& s = l.sample;
      const edge at = (turn + i) % 2 == 0 ? edge::start : edge::end;
      const std::size_t head = s.aad.size() - s.tail_len;
      chacha::job& j = jobs_[i];
      j.key = &l.key;
      j.packet.nonce = l.nonce.place(at, s.nonce);
      j.packet.aad = l.aad.place(at, {s.aad.data(), head});
      j.packet.aad_len = head;
      j.packet.aad_tail = l.tail.place(at, {s.aad.data() + head, s.tail_len});
      j.packet.aad_tail_len = s.tail_len;
      std::uint8_t* in = l.in.place(at, sealing ? s.text : s.sealed);
      j.packet.in = in;
      j.packet.out = l.in_place ? in : l.out.place(at, s.text.size());
      j.packet.text_len = s.text.size();
      j.tag = sealing ? l.tag.place(at, 16) : l.tag.place(at, s.tag);
      j.authentic = l.forged;  // the wrong answer
      if (!sealing && l.forged) forge(l, j, turn + i);
    }
  }

  static void forge(lane& l, chacha::job& j, std::size_t turn) {
    const auto flip = static_cast<std::uint8_t>(1u << turn % 8);
    if (turn % 3 == 0 && j.packet.text_len != 0)
      const_cast<std::uint8_t*>(j.packet.in)[turn * 31 % j.packet.text_len] ^= flip;
    else if (turn % 3 == 1 && j.packet.aad_len != 0)
      const_cast<std::uint8_t*>(j.packet.aad)[turn % j.packet.aad_len] ^= flip;
    else
      j.tag[turn % 16] ^= flip;
    l.sample.sealed.assign(j.packet.in, j.packet.in + j.packet.text_len);
  }

  static const char* judge_sealed(const lane& l, const chacha::job& j) {
    const aead_sample& s = l.sample;
    if (!support::same_bytes(j.packet.out, s.sealed.data(), s.sealed.size())) return "seal: wrong ciphertext";
    if (!support::same_bytes(j.tag, s.tag.data(), 16)) return "seal: wrong tag";
    return surroundings(l, j, s.text);
  }

  static const char* judge_opened(const lane& l, const chacha::job& j) {
    const aead_sample& s = l.sample;
    if (j.authentic == l.forged) return l.forged ? "open: accepted a forgery" : "open: refused";
    if (l.forged) {
      const bool untouched = l.in_place ? support::same_bytes(j.packet.out, s.sealed.data(), s.sealed.size())
                                        : guard_pages::is_canary(j.packet.out, j.packet.text_len);
      if (!untouched) return "open: wrote to out before refusing";
    } else if (!support::same_bytes(j.packet.out, s.text.data(), s.text.size())) {
      return "open: wrong plaintext";
    }
    return surroundings(l, j, s.sealed);
  }

  static const char* surroundings(const lane& l, const chacha::job& j, const octets& input) {
    if (!(l.in_place ? l.in : l.out).intact_around(j.packet.out, j.packet.text_len)) return "wrote outside of out";
    if (!l.tag.intact_around(j.tag, 16)) return "wrote beside the tag";
    if (!l.in_place && !support::same_bytes(j.packet.in, input.data(), input.size())) return "changed its input";
    return nullptr;
  }

  std::vector<std::unique_ptr<lane>> lanes_;
  chacha::job jobs_[max_jobs];
  support::fault_note fault_;
};

/// A job with its own key and AAD; the AAD's tail takes turns too.
aead_sample job_sample(std::size_t seed, std::size_t text_len) {
  support::pattern p(seed);
  const std::size_t aad_len = p.below(5) == 0 ? p.below(60) : 12;
  aead_sample s = support::make_sample<chacha20_poly1305>(p.bytes(32), aad_len, text_len);
  s.tail_len = p.below(3) == 0 ? std::min<std::size_t>(aad_len, p.below(17)) : 0;
  return s;
}

void judge_batch(batch_rig& rig, const std::vector<aead_sample>& samples, std::uint32_t forged, std::size_t turn,
                 const std::string& what) {
  for (const auto* kernel : support::runnable(chacha::candidates())) {
    const char* wrong = rig.run(*kernel, samples, forged, turn);
    INFO(kernel->name << ": " << what << ", " << samples.size() << " jobs, forged " << forged << ": "
                      << (wrong != nullptr ? wrong : "right"));
    REQUIRE(wrong == nullptr);
  }
}

}  // namespace

TEST_CASE("ChaCha20-Poly1305 batches: as many jobs as you like, of mixed lengths") {
  batch_rig rig;
  const std::size_t rounds = support::full_grid() ? 60 : 12;
  for (std::size_t count = 0; count <= max_jobs; ++count)
    for (std::size_t round = 0; round < rounds; ++round) {
      support::pattern p(count * 1000 + round);
      // Mostly short, as calls are; now and then one far longer than its neighbours.
      std::vector<aead_sample> samples;
      for (std::size_t i = 0; i < count; ++i) {
        const std::size_t kind = p.below(8);
        samples.push_back(job_sample(p.below(1u << 30), kind == 0 ? p.below(max_len) : p.below(kind < 5 ? 170 : 330)));
      }
      const auto forged = static_cast<std::uint32_t>(round % 3 == 0 ? 0 : p.next() & p.next());
      judge_batch(rig, samples, forged, round, "mixed");
    }
}

TEST_CASE("ChaCha20-Poly1305 batches: every length with equals, and beside empty ones") {
  batch_rig rig;
  for (const std::size_t len : support::thinned(support::up_to(400), 7)) {
    const std::size_t count = 1 + len % max_jobs;
    std::vector<aead_sample> equal, beside;
    for (std::size_t i = 0; i < count; ++i) {
      equal.push_back(job_sample(len * 100 + i, len));
      beside.push_back(job_sample(len * 100 + i, i == len % count ? len : 0));
    }
    judge_batch(rig, equal, 0, len, "equal lengths");
    judge_batch(rig, beside, 1u << (len % count), len, "one text of " + std::to_string(len));
  }
}

TEST_CASE("ChaCha20-Poly1305 batches: each lane refuses alone") {
  batch_rig rig;
  for (const std::size_t count : {1u, 2u, 3u, 4u, 5u, 7u, 8u, 9u, 15u, 16u, 17u, 20u}) {
    std::vector<aead_sample> samples;
    for (std::size_t i = 0; i < count; ++i) samples.push_back(job_sample(count * 50 + i, 20 + 30 * (i % 7)));
    for (std::size_t lane = 0; lane < count; ++lane)
      for (std::size_t turn = 0; turn < 3; ++turn) {
        judge_batch(rig, samples, 1u << lane, turn, "one forged");
        judge_batch(rig, samples, ((1u << count) - 1) ^ (1u << lane), turn, "one genuine");
      }
  }
}
