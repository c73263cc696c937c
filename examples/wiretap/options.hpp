// SPDX-License-Identifier: BSL-1.0
// What the demo's command line says.
#pragma once

#include <string>

namespace examples {

/// Mistakes that the tests plant, to see the demo fail.
enum class planted_fault { none, one_key_for_both_directions, string_before_reveal };

struct wiretap_options {
  std::string folder;  ///< Of the recordings
  std::string retro;   ///< The other program
  std::string speech;  ///< What is said: 16-bit mono, 8000 Hz
  int run = 0;         ///< 0: all
  planted_fault fault = planted_fault::none;
};

}  // namespace examples
