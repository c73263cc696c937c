// SPDX-License-Identifier: BSL-1.0
// The example's DTLS connections on a network that loses and invents datagrams.
#include "dtls_srtp/dtls_connection.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <thread>
#include <vector>

#include "../support/catch.hpp"
#include "../support/pattern.hpp"

namespace {

using namespace std::chrono_literals;
using examples::dtls_connection;
namespace srtp = sotto::srtp;

/// Two ends in one thread, one of which loses one of the datagrams that come to it.
struct lossy_handshake {
  struct end {
    end(srtp::dtls_role role, const examples::certificate& own, const examples::certificate& peer,
        examples::udp_socket& from, std::size_t nth)
        : connection({role, {srtp::profile::aead_aes_128_gcm}, examples::fingerprint_of(*peer.x509)}, own, from),
          socket(from),
          lost(nth) {}
    /// Takes all that has come.
    void step() {
      std::array<std::uint8_t, 2048> buffer;
      while (const auto len = socket.receive(buffer, 0ms))
        if (++received != lost) connection.take(sotto::const_bytes(buffer).first(*len));
      connection.expire();
    }
    dtls_connection connection;
    examples::udp_socket& socket;
    std::size_t lost, received = 0;
  };

  /// 0 loses nothing, n the n-th datagram.
  lossy_handshake(std::size_t client_loses, std::size_t server_loses)
      : client(srtp::dtls_role::client, certificates[0], certificates[1], link.a, client_loses),
        server(srtp::dtls_role::server, certificates[1], certificates[0], link.b, server_loses) {}

  examples::certificate certificates[2] = {examples::make_certificate(), examples::make_certificate()};
  examples::udp_link link;
  end client, server;
};

using exported = std::array<std::uint8_t, srtp::dtls_srtp_export_len(srtp::profile::aead_aes_128_gcm)>;
exported keys_of(const dtls_connection& c) {
  exported keys{};
  c.export_keys(keys);
  return keys;
}

/// Runs all at the same time, since each loss costs a second until the flight comes again.
void run(std::vector<std::unique_ptr<lossy_handshake>>& handshakes) {
  for (auto& h : handshakes) h->client.connection.start();
  const auto limit = std::chrono::steady_clock::now() + 30s;
  bool done = false;
  while (!done && std::chrono::steady_clock::now() < limit) {
    done = true;
    for (auto& h : handshakes) {
      h->client.step();
      h->server.step();
      done = done && h->client.connection.established() && h->server.connection.established();
    }
    if (!done) std::this_thread::sleep_for(2ms);
  }
}

}  // namespace

TEST_CASE("a handshake in which any one flight is lost comes about, and both ends export the same keys") {
  // A full handshake has two flights of each end, each of them one datagram here.
  constexpr std::size_t losses[][2] = {{0, 0}, {0, 1}, {1, 0}, {0, 2}, {2, 0}};
  std::vector<std::unique_ptr<lossy_handshake>> handshakes;
  for (const auto& l : losses) handshakes.push_back(std::make_unique<lossy_handshake>(l[0], l[1]));
  run(handshakes);
  std::vector<exported> keys;
  for (std::size_t i = 0; i < handshakes.size(); ++i) {
    auto& client = handshakes[i]->client;
    auto& server = handshakes[i]->server;
    CAPTURE(i, client.received, server.received);
    REQUIRE(client.connection.established());
    REQUIRE(server.connection.established());
    // What was lost came again.
    CHECK(client.received + server.received > (i == 0 ? 3u : 4u));
    CHECK(client.received >= client.lost);
    CHECK(server.received >= server.lost);
    CHECK(client.connection.profile() == srtp::profile::aead_aes_128_gcm);
    CHECK(server.connection.profile() == srtp::profile::aead_aes_128_gcm);
    keys.push_back(keys_of(client.connection));
    CHECK(keys.back() == keys_of(server.connection));
  }
  for (std::size_t i = 1; i < keys.size(); ++i) CHECK(keys[i] != keys[0]);
}

TEST_CASE("records too short to be the peer's end nothing, neither alone nor behind another one") {
  std::vector<std::unique_ptr<lossy_handshake>> handshakes;
  handshakes.push_back(std::make_unique<lossy_handshake>(0, 0));
  run(handshakes);
  auto& client = handshakes[0]->client.connection;
  auto& server = handshakes[0]->server.connection;
  REQUIRE(client.established());
  const auto record = [](std::uint8_t type, std::uint8_t epoch, std::uint8_t seq, std::size_t len) {
    std::vector<std::uint8_t> bytes{type, 0xfe, 0xfd, 0, epoch, 0, 0, 0, 0, 0, seq, 0, static_cast<std::uint8_t>(len)};
    bytes.resize(bytes.size() + len, 0x55);
    return bytes;
  };
  const exported before = keys_of(client);
  for (auto* const c : {&client, &server})
    for (std::uint8_t type = 20; type < 24; ++type)
      for (std::uint8_t epoch = 1; epoch <= 2; ++epoch)
        for (std::size_t len = 0; len < 40; ++len) {
          CAPTURE(static_cast<int>(type), static_cast<int>(epoch), len);
          const auto alone = record(type, epoch, static_cast<std::uint8_t>(2 + len), len);
          auto behind = record(23, 0, 200, 30);
          behind.insert(behind.end(), alone.begin(), alone.end());
          REQUIRE_NOTHROW(c->take(alone));
          REQUIRE_NOTHROW(c->take(behind));
          REQUIRE_NOTHROW(c->take(sotto::const_bytes(alone).first(alone.size() - len / 2)));
        }
  CHECK(keys_of(client) == before);
  CHECK(keys_of(server) == before);
  server.close();
  handshakes[0]->client.step();
  CHECK(client.closed_by_peer());
}

TEST_CASE("what isn't from the peer doesn't end an established connection") {
  std::vector<std::unique_ptr<lossy_handshake>> handshakes;
  handshakes.push_back(std::make_unique<lossy_handshake>(0, 0));
  run(handshakes);
  auto& client = handshakes[0]->client.connection;
  auto& server = handshakes[0]->server.connection;
  REQUIRE(client.established());
  const exported before = keys_of(client);
  for (auto* const c : {&client, &server})
    for (std::uint8_t type = 20; type < 64; ++type)
      for (const std::size_t len : {1u, 12u, 13u, 14u, 40u, 200u}) {
        auto datagram = support::pattern_bytes(type, len);
        datagram[0] = type;
        // Half of them look like records of this connection: its version, epoch 0 or 1, and their length.
        if (len > 13 && type % 2 == 0) {
          datagram[1] = 0xfe;
          datagram[2] = 0xfd;
          datagram[3] = 0;
          datagram[4] = type / 2 % 2;
          sotto::core::store_be16(&datagram[11], static_cast<std::uint16_t>(len - 13));
        }
        CAPTURE(static_cast<int>(type), len);
        REQUIRE_NOTHROW(c->take(datagram));
        REQUIRE(!c->closed_by_peer());
      }
  CHECK(keys_of(client) == before);
  CHECK(keys_of(server) == before);

  server.close();
  handshakes[0]->client.step();
  CHECK(client.closed_by_peer());
}

TEST_CASE("a peer that isn't there is an error, not a wait") {
  const auto own = examples::make_certificate();
  examples::udp_socket socket;
  {
    const examples::udp_socket gone;
    socket.connect(gone.port());
  }
  dtls_connection c({srtp::dtls_role::client, {srtp::profile::aead_aes_128_gcm}, {}}, own, socket);
  c.start();
  std::array<std::uint8_t, 64> buffer;
  CHECK_THROWS_AS(socket.receive(buffer, 1000ms), std::system_error);
}
