# 64-bit ARM, cross-compiled and run under qemu-user. Header-only packages (Catch2 2, nlohmann/json, CLI11) come from
# the host: Debian keeps what is the same on every architecture in /usr/include, which this compiler searches last.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(CMAKE_CXX_COMPILER aarch64-linux-gnu-g++)
# `max` has AES, PMULL, SHA-1 and SHA-2.
set(CMAKE_CROSSCOMPILING_EMULATOR qemu-aarch64 -cpu max -L /usr/aarch64-linux-gnu)
# Static programs start faster under the emulator and need no ARM system beside it.
set(CMAKE_EXE_LINKER_FLAGS_INIT -static)
