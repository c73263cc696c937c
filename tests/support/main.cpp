// SPDX-License-Identifier: BSL-1.0
// Catch2 version 2 builds its runner in one translation unit; version 3 brings its own.
#define CATCH_CONFIG_MAIN
#include "catch.hpp"
