// SPDX-License-Identifier: BSL-1.0
// The words that people read to each other can't easily be taken for one another, and stay what they are.
#include "sotto/noise/short_authentication_words.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sotto/crypto/sha2.hpp"
#include "sotto/noise/short_authentication_string.hpp"
#include "support/catch.hpp"
#include "support/hex.hpp"

namespace noise = sotto::noise;

namespace {

/// One letter changed, added or missing, or two neighbours exchanged.
bool nearly_equal(std::string_view a, std::string_view b) {
  if (a.size() > b.size()) std::swap(a, b);
  if (b.size() > a.size() + 1) return false;
  std::size_t same = 0;
  while (same < a.size() && a[same] == b[same]) ++same;
  if (a.size() < b.size()) return a.substr(same) == b.substr(same + 1);
  if (same == a.size() || a.substr(same + 1) == b.substr(same + 1)) return true;
  return same + 1 < a.size() && a[same] == b[same + 1] && a[same + 1] == b[same] &&
         a.substr(same + 2) == b.substr(same + 2);
}

}  // namespace

TEST_CASE("spoken words: 1024 of 3 to 8 letters, none easily taken for another") {
  std::vector<std::string_view> words;
  for (std::uint32_t n = 0; n < noise::detail::spoken_word_count; ++n) words.push_back(noise::detail::spoken_word(n));
  std::size_t letters = 0;
  bool plain = true;
  for (const auto word : words) {
    letters += word.size() + 1;
    plain = plain && word.size() >= 3 && word.size() <= 8;
    for (const char c : word) plain = plain && c >= 'a' && c <= 'z';
  }
  CHECK(plain);
  CHECK(letters == noise::detail::spoken_words.size());  // no word is left over
  CHECK(std::is_sorted(words.begin(), words.end()));

  CHECK((nearly_equal("cat", "cats") && nearly_equal("cat", "cut") && nearly_equal("cat", "act")));
  CHECK_FALSE((nearly_equal("cat", "dog") || nearly_equal("cat", "catch") || nearly_equal("cat", "arc")));
  std::string confusable;
  for (std::size_t i = 0; i < words.size(); ++i)
    for (std::size_t j = i + 1; j < words.size(); ++j)
      if (nearly_equal(words[i], words[j]) || words[j].substr(0, words[i].size()) == words[i])
        confusable += std::string(words[i]) + "/" + std::string(words[j]) + " ";
  CHECK(confusable.empty());
}

// Whoever reads words to somebody with another version must not hear an attack.
TEST_CASE("spoken words: the list is frozen") {
  sotto::crypto::sha256 hash;
  std::uint8_t digest[32];
  hash.update(noise::detail::bytes_of(noise::detail::spoken_words));
  hash.finish(digest);
  CHECK(support::to_hex(digest) == "bdec03424cca603cad3444fe10f60018b9f40b4046c3d38d5f8a7ca408e301f7");
}
