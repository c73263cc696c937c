# What tests, tools, examples and benchmarks are built with: the system's package first, a pinned release second.
# The headers themselves depend on nothing.
include(FetchContent)

# sotto_require(<name>) makes one of these targets available in the calling directory and below:
#   Catch2 -> Catch2::Catch2 (and Catch2::Catch2WithMain from version 3 on)   nlohmann_json -> nlohmann_json::nlohmann_json
#   CLI11 -> CLI11::CLI11                                                     benchmark -> benchmark::benchmark
set(sotto_pinned_Catch2 https://github.com/catchorg/Catch2.git v3.7.1)
set(sotto_pinned_nlohmann_json https://github.com/nlohmann/json.git v3.11.3)
set(sotto_pinned_CLI11 https://github.com/CLIUtils/CLI11.git v2.4.2)
set(sotto_pinned_benchmark https://github.com/google/benchmark.git v1.9.1)
set(BENCHMARK_ENABLE_TESTING OFF)

macro(sotto_require name)
  find_package(${name} CONFIG QUIET)
  if(NOT ${name}_FOUND)
    list(GET sotto_pinned_${name} 0 sotto_pinned_url)
    list(GET sotto_pinned_${name} 1 sotto_pinned_tag)
    message(STATUS "${name}: no system package, fetching ${sotto_pinned_tag}")
    FetchContent_Declare(${name} GIT_REPOSITORY ${sotto_pinned_url} GIT_TAG ${sotto_pinned_tag} GIT_SHALLOW ON SYSTEM)
    FetchContent_MakeAvailable(${name})
  endif()
endmacro()

# pcap::pcap exists only where libpcap does: it is a system library, nothing to fetch.
find_path(PCAP_INCLUDE_DIR pcap/pcap.h)
find_library(PCAP_LIBRARY pcap)
mark_as_advanced(PCAP_INCLUDE_DIR PCAP_LIBRARY)
if(PCAP_INCLUDE_DIR AND PCAP_LIBRARY)
  add_library(pcap::pcap INTERFACE IMPORTED)
  target_include_directories(pcap::pcap INTERFACE ${PCAP_INCLUDE_DIR})
  target_link_libraries(pcap::pcap INTERFACE ${PCAP_LIBRARY})
endif()
