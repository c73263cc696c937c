// SPDX-License-Identifier: BSL-1.0
// wiretap: calls through a relay that keeps a copy of everything, and what can be made of the copies.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <array>
#include <chrono>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <map>
#include <stdexcept>
#include <string>
#include <system_error>

#include "processes.hpp"
#include "runs.hpp"

namespace {

enum exit_code { succeeded = 0, failed = 1, unusable = 2 };

using run = void (*)(const examples::wiretap_options&, examples::story&);
constexpr std::array<run, 8> runs{examples::run_sdes,         examples::run_noise,
                                  examples::run_noise_leaked, examples::run_one_shot,
                                  examples::run_interception, examples::run_interception_noticed,
                                  examples::run_group,        examples::run_sizes};

/// A folder for the recordings, which goes with this object unless someone wants to keep them.
class recordings {
 public:
  explicit recordings(const std::string& keep) : keep_(!keep.empty()), path_(keep) {
    if (keep_) return;
    path_ = (std::filesystem::temp_directory_path() / "wiretap-XXXXXX").string();
    if (::mkdtemp(path_.data()) == nullptr)
      throw std::system_error(errno, std::generic_category(), "a temporary folder");
  }
  recordings(const recordings&) = delete;
  recordings& operator=(const recordings&) = delete;
  ~recordings() {
    std::error_code ignored;
    if (!keep_) std::filesystem::remove_all(path_, ignored);
  }
  const std::string& path() const noexcept { return path_; }

 private:
  bool keep_;
  std::string path_;
};

int tell(const examples::wiretap_options& o) {
  const auto start = std::chrono::steady_clock::now();
  std::printf(
      "Caller, relay and callee are processes of their own. The relay carries all signalling and all packets, and\n"
      "writes both down: signalling.log and call.pcap. After hang-up another program, retro, reads these files.\n");
  examples::story tale;
  for (std::size_t i = 0; i < runs.size(); ++i)
    if (o.run == 0 || o.run == static_cast<int>(i) + 1) runs[i](o, tale);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  std::printf("\n%d of %d checks hold, %.1f s\n", tale.held(), tale.held() + tale.failed(), took.count());
  return tale.failed() == 0 && tale.held() != 0 ? succeeded : failed;
}

}  // namespace

int main(int argc, char** argv) {
  examples::wiretap_options o;
  std::string keep;
  o.retro = examples::folder_of_this_program(argv[0]) + "retro";
  o.speech = SOTTO_EXAMPLE_SPEECH;

  CLI::App app{
      "Eight calls over 127.0.0.1 through a relay that records everything, keyed in eight ways, and what the "
      "recordings\n"
      "(or a relay that interferes) give away. Exit code: 0 all as it should be, 1 not, 2 bad arguments or files."};
  app.add_option("--keep", keep, "leave the recordings in this folder");
  app.add_option("--run", o.run, "only this run")->check(CLI::Range(1, static_cast<int>(runs.size())));
  app.add_option("--retro", o.retro, "the other program")->capture_default_str();
  app.add_option("--speech", o.speech, "what is said: 16-bit mono, 8000 Hz")->capture_default_str();
  const std::map<std::string, examples::planted_fault> faults{
      {"direction", examples::planted_fault::one_key_for_both_directions},
      {"reveal", examples::planted_fault::string_before_reveal}};
  app.add_option("--fault", o.fault, "plant a mistake, to see the demo fail")
      ->transform(CLI::CheckedTransformer(faults))
      ->group("");  // hidden
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return app.exit(e) == 0 ? succeeded : unusable;
  }
  try {
    const recordings folder(keep);
    o.folder = folder.path();
    if (!std::filesystem::exists(o.retro)) throw std::runtime_error(o.retro + ": no such program");
    return tell(o);
  } catch (const std::exception& e) {
    std::fflush(stdout);
    std::fprintf(stderr, "wiretap: %s\n", e.what());
    return unusable;
  }
}
