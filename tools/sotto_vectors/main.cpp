// SPDX-License-Identifier: BSL-1.0
// sotto_vectors FILE...: runs published test vectors on every kernel of this machine.
#include <CLI/CLI.hpp>
#include <cstddef>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "formats.hpp"
#include "report.hpp"

namespace {

using vectors::malformed;

/// Everything was skipped has a code of its own, the one that test drivers take for "skipped": that nothing failed is
/// no success then.
enum exit_code { all_passed = 0, some_failed = 1, unusable = 2, nothing_ran = 77 };

std::string contents_of(const std::string& path) {
  if (!std::filesystem::exists(path)) throw malformed("no such file");
  if (!std::filesystem::is_regular_file(path)) throw malformed("not a regular file");
  std::ifstream in(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  if (!in) throw malformed("can't be read");
  if (text.find_first_not_of(" \t\r\n") == std::string::npos) throw malformed("empty");
  return text;
}

void run_json(const std::string& text, vectors::report& r) {
  const auto file = nlohmann::json::parse(text);
  if (!file.is_object()) throw malformed("not a JSON object");
  if (file.contains("algorithm") && file.contains("schema")) return run_wycheproof(file, r);
  if (run_sframe(file, r)) return;
  const auto list = file.find("vectors");
  if (list == file.end() || !list->is_array()) throw malformed("JSON of unknown kind: no \"vectors\"");
  if (list->empty()) throw malformed("holds no vectors");
  if (!run_packets(file, r) && !run_primitives(file, r) && !run_noise(file, r))
    throw malformed("JSON vectors of unknown kind");
}

void run_file(const std::string& path, vectors::report& r) {
  const std::string text = contents_of(path);
  const char first = text[text.find_first_not_of(" \t\r\n")];
  // A response file starts with a comment or "[section]" on a line of its own; a bare JSON array is no vector file.
  if (first == '{')
    run_json(text, r);
  else
    vectors::run_nist(text, r);
  if (r.passed() + r.failed() + r.skipped() == 0) throw malformed("holds no vectors");
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{
      "Runs test vectors (Wycheproof JSON, NIST .rsp, SRTP, Noise and SFrame JSON) on every kernel of this machine.\n"
      "Exit code: 0 all passed, 1 some failed, 2 bad arguments or an unusable file, 77 everything skipped."};
  std::vector<std::string> files;
  app.add_option("FILE", files, "vector files; the kind shows in the content")->required();
  auto length = vectors::run_length::usual;
  auto* brief = app.add_flag_callback(
      "--short", [&] { length = vectors::run_length::brief; }, "skip chains of more than 1,000 multiplications");
  app.add_flag_callback(
         "--long", [&] { length = vectors::run_length::full; },
         "run such chains on every kernel, not only on the best one")
      ->excludes(brief);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return app.exit(e) == 0 ? all_passed : unusable;
  }

  std::size_t passed = 0, failed = 0, broken = 0;
  for (const auto& path : files) {
    vectors::report r(path, length);
    try {
      run_file(path, r);
      r.print(std::cout);
      passed += r.passed();
      failed += r.failed();
    } catch (const std::exception& e) {
      std::cout.flush();
      std::cerr << "sotto_vectors: " << path << ": " << e.what() << '\n';
      ++broken;
    }
  }
  std::cout.flush();
  if (!std::cout) return unusable;
  if (broken != 0) return unusable;
  if (failed != 0) return some_failed;
  if (passed == 0) {
    std::cerr << "sotto_vectors: nothing ran: every case was skipped\n";
    return nothing_ran;
  }
  return all_passed;
}
