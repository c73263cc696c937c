#!/bin/sh
# SPDX-License-Identifier: BSL-1.0
# Handshakes with OpenSSL's s_server, a program that shares none of our code: both export the same keys. Arguments:
# dtls_srtp, openssl, an own folder.
set -eu
program=$1
openssl=$2
folder=$3
rm -rf "$folder"
mkdir -p "$folder"
cd "$folder"

server=
stop_server() { [ -z "$server" ] || kill "$server" 2>/dev/null || true; }
trap stop_server EXIT

fail() {
  echo "FAILED: $1"
  # Not the keys, even though these protect nothing.
  sed 's/Keying material: .*/Keying material: (not shown)/' server.txt
  cat client.txt
  exit 1
}

"$openssl" req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout key.pem -out certificate.pem -days 1 \
  -subj /CN=peer 2>/dev/null
fingerprint=$("$openssl" x509 -in certificate.pem -noout -fingerprint -sha256 | sed 's/.*=//')
# s_server ends when its input does: this one never gets any, and never ends.
mkfifo silence
exec 3<>silence

# shake_hands <the client's expected code> <fingerprint> <the client's profile> <s_server's options>
shake_hands() {
  : >server.txt  # or its last port would be read again
  # shellcheck disable=SC2086 # options are words
  "$openssl" s_server -dtls1_2 -accept 127.0.0.1:0 -cert certificate.pem -key key.pem -verify 0 -naccept 1 $4 \
    <&3 >server.txt 2>&1 &
  server=$!
  port=
  for _ in $(seq 100); do
    port=$(sed -n 's/^ACCEPT .*:\([0-9]*\)$/\1/p' server.txt)
    [ -z "$port" ] || break
    sleep 0.1
  done
  [ -n "$port" ] || fail "s_server doesn't say its port"
  code=0
  "$program" --handshake-with "$port" --peer-fingerprint "$2" --profile "$3" >client.txt 2>&1 || code=$?
  [ "$code" = "$1" ] || fail "expected code $1, got $code"
}
stop() {
  kill "$server" 2>/dev/null || true
  wait "$server" || true
  server=
}

# compare <profile> <OpenSSL's name of it> <bytes of two keys and two salts>
compare() {
  shake_hands 0 "$fingerprint" "$1" "-use_srtp $2 -keymatexport EXTRACTOR-dtls_srtp -keymatexportlen $3"
  wait "$server" || true  # for all of its output; it ends with the connection
  server=
  grep -q "negotiated profile $1\$" client.txt || fail "another profile"
  ours=$(sed -n "s/.*exported keys' $((2 * $3)) hex digits: //p" client.txt)
  digits=$(sed -n 's/ *Keying material: //p' server.txt)
  [ ${#digits} -eq $((2 * $3)) ] || fail "s_server exported ${#digits} digits"
  theirs=$(printf '%s' "$digits" | "$openssl" dgst -sha256 | sed 's/.* //')
  [ "${ours:-none}" = "$theirs" ] || fail "$1: exported keys differ: hash $ours here, $theirs there"
}
compare AEAD_AES_128_GCM SRTP_AEAD_AES_128_GCM 56
compare AEAD_AES_256_GCM SRTP_AEAD_AES_256_GCM 88
compare AES_CM_128_HMAC_SHA1_80 SRTP_AES128_CM_SHA1_80 60
compare AES_CM_128_HMAC_SHA1_32 SRTP_AES128_CM_SHA1_32 60

# Someone else's certificate, and a peer that knows nothing of SRTP.
other=$(printf '%s' "$fingerprint" | tr '0123456789ABCDEF' '123456789ABCDEF0')
shake_hands 1 "$other" AEAD_AES_128_GCM "-use_srtp SRTP_AEAD_AES_128_GCM"
grep -q "isn't the one whose fingerprint was signalled" client.txt || fail "the client doesn't say why"
stop
shake_hands 1 "$fingerprint" AEAD_AES_128_GCM ""
grep -q "agreed on no SRTP profile" client.txt || fail "the client doesn't say why"
stop
echo "4 profiles: keys exported here and by s_server are equal; 2 refusals"
