// SPDX-License-Identifier: BSL-1.0
#include <sotto/core/abi.hpp>

int main() { return SOTTO_VERSION_MAJOR == 0 && SOTTO_VERSION_MINOR == 1 ? 0 : 1; }
