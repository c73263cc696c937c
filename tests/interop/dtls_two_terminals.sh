#!/bin/sh
# SPDX-License-Identifier: BSL-1.0
# A server and a client that were started apart, as in two terminals. Arguments: dtls_srtp, an own folder.
set -eu
program=$1
folder=$2
rm -rf "$folder"
mkdir -p "$folder"
cd "$folder"

server=
stop_server() { [ -z "$server" ] || kill "$server" 2>/dev/null || true; }
trap stop_server EXIT

fail() {
  echo "FAILED: $1"
  cat server.txt client.txt
  exit 1
}

# call <the server's expected code> <the client's> <the server's options> <the client's options>
call() {
  : >server.txt  # or its last port would be read again
  # shellcheck disable=SC2086 # options are words
  "$program" --server --port 0 $3 >server.txt 2>&1 &
  server=$!
  port=
  for _ in $(seq 100); do
    port=$(sed -n 's/.*waiting for the client, on port \([0-9]*\)$/\1/p' server.txt)
    [ -z "$port" ] || break
    sleep 0.1
  done
  [ -n "$port" ] || fail "the server doesn't say its port"
  client_code=0
  # shellcheck disable=SC2086
  "$program" --client --port "$port" $4 >client.txt 2>&1 || client_code=$?
  server_code=0
  wait "$server" || server_code=$?
  server=
  [ "$server_code $client_code" = "$1 $2" ] || fail "expected codes $1 and $2, got $server_code and $client_code"
}
said() { grep -Eq "$2" "$1.txt" || fail "the $1 didn't say: $2"; }

# The number of packets is the client's, the choice of the profile the server's.
call 0 0 "--packets 7 --profile AES_CM_128_HMAC_SHA1_80 --profile AEAD_AES_128_GCM" \
  "--packets 300 --profile AEAD_AES_128_GCM --profile AES_CM_128_HMAC_SHA1_80"
for end in server client; do
  said $end "negotiated profile AES_CM_128_HMAC_SHA1_80"
  said $end "sent 300 RTP and 30 RTCP"
  said $end "received 300 of 300 RTP and 30 of 30 RTCP"
done
# Each verified the certificate that the other one has: two different fingerprints.
[ "$(sed -n 's/.*verified: sha-256 //p' server.txt)" != "$(sed -n 's/.*verified: sha-256 //p' client.txt)" ] ||
  fail "one fingerprint for both"

call 1 1 "" "--wrong-fingerprint client"
said server "isn't the one whose fingerprint was signalled"
call 1 1 "--wrong-fingerprint server" ""
said client "isn't the one whose fingerprint was signalled"
call 1 1 "--profile AEAD_AES_128_GCM" "--profile AEAD_AES_256_GCM"
said server "agreed on no SRTP profile"
said client "agreed on no SRTP profile"
echo "4 calls of two programs went as expected"
