// SPDX-License-Identifier: BSL-1.0
// What the call's command line says.
#pragma once

#include <cstdint>
#include <optional>
#include <sotto/srtp/profile.hpp>
#include <string>

#include "../support/g711.hpp"
#include "relay.hpp"

namespace examples {

struct call_options {
  sotto::srtp::profile profile = sotto::srtp::profile::aead_aes_128_gcm;
  g711 law = g711::mu_law;
  bool realtime = false;
  std::string wav_in;
  std::string wav_out = "call.wav";
  std::optional<std::uint64_t> packets;         ///< Default: as many as the audio has
  std::optional<std::uint16_t> first_sequence;  ///< Default: random
  std::string key_file;                         ///< Default: a random key
  std::string rtp_capture;                      ///< Before protection; empty: none
  std::string srtp_capture;                     ///< As sent to the relay; empty: none
  relay_rates rates;
  std::uint64_t table_packets = 20000;  ///< Measured per row of the latency table; 0: no table
};

}  // namespace examples
