// SPDX-License-Identifier: BSL-1.0
#include "sizes.hpp"

#include <algorithm>
#include <cstdio>
#include <vector>

#include "../support/file.hpp"
#include "line.hpp"

namespace examples {
namespace {

/// A size that parts small from large: halfway between the means of both, once they don't move any more.
double boundary(const std::vector<std::size_t>& sizes) {
  const auto [low, high] = std::minmax_element(sizes.begin(), sizes.end());
  double between = static_cast<double>(*low + *high) / 2;
  for (int round = 0; round < 20; ++round) {
    double sum[2] = {}, n[2] = {};
    for (const auto size : sizes) {
      const std::size_t side = static_cast<double>(size) > between ? 1 : 0;
      sum[side] += static_cast<double>(size);
      n[side] += 1;
    }
    if (n[0] == 0 || n[1] == 0) break;
    between = (sum[0] / n[0] + sum[1] / n[1]) / 2;
  }
  return between;
}

/// All are talk where there is only one size.
std::string guess(const std::vector<std::size_t>& sizes) {
  const auto [low, high] = std::minmax_element(sizes.begin(), sizes.end());
  const double between = *low == *high ? 0 : boundary(sizes);
  std::string guesses;
  for (const auto size : sizes) guesses += static_cast<double>(size) > between ? '1' : '0';
  return guesses;
}

/// One character for several packets: how it looks over time.
std::string picture(const std::string& guesses) {
  constexpr std::size_t width = 66;
  std::string line;
  for (std::size_t i = 0; i < width; ++i) {
    const auto from = guesses.begin() + static_cast<std::ptrdiff_t>(i * guesses.size() / width),
               to = guesses.begin() + static_cast<std::ptrdiff_t>((i + 1) * guesses.size() / width);
    line += 2 * std::count(from, to, '1') >= to - from ? '#' : '.';
  }
  return line;
}

void print(const recorded_stream& s, const std::vector<std::size_t>& sizes, const std::string& guesses) {
  const auto [low, high] = std::minmax_element(sizes.begin(), sizes.end());
  std::size_t sum = 0;
  for (const auto size : sizes) sum += size;
  const auto& first = s.packets.front();
  const double took = static_cast<double>(s.packets.back().microseconds - first.microseconds) / 1e6;
  std::printf("port %u, SSRC %08x: %zu packets in %.2f s, %zu to %zu bytes, %zu in all\n", unsigned{s.from},
              static_cast<unsigned>(s.ssrc), sizes.size(), took, *low, *high, sum);
  std::printf("  talk? %s\n", *low == *high ? "all packets look the same" : picture(guesses).c_str());
}

}  // namespace

void look_at_signalling(std::string_view log) {
  constexpr std::string_view mark = "--- ";
  std::string_view head;
  while (!log.empty()) {
    const auto end = log.find('\n');
    const auto text = log.substr(0, end);
    log.remove_prefix(end == log.npos ? log.size() : end + 1);
    if (text.starts_with(mark)) head = text.substr(mark.size());
    if (text.starts_with("INVITE") || text.starts_with("BYE"))
      std::printf("%.*s: %.*s\n", static_cast<int>(head.size()), head.data(), static_cast<int>(text.size()),
                  text.data());
  }
}

void look_at_sizes(const recording& call, const std::string& path) {
  std::string text;
  for (const auto& s : call.streams) {
    std::vector<std::size_t> sizes;
    for (const auto& p : s.packets)
      if (!p.rtcp) sizes.push_back(p.bytes.size());
    if (sizes.empty()) continue;
    const auto guesses = guess(sizes);
    print(s, sizes, guesses);
    char ssrc[16];
    std::snprintf(ssrc, sizeof ssrc, "%08x ", static_cast<unsigned>(s.ssrc));
    text += ssrc + guesses + "\n";
  }
  write_file(path, bytes_of(text));
}

}  // namespace examples
