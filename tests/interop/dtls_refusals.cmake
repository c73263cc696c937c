# What must not become a call, and says why. Arguments: DTLS_SRTP, SCRATCH.
include(${CMAKE_CURRENT_LIST_DIR}/../examples/expect.cmake)

function(expect_no_call)
  if("${said}" MATCHES "fingerprint verified|received [0-9]")
    message(SEND_ERROR "a call, in spite of it:\n${said}")
  endif()
endfunction()

# Whose fingerprint is wrong gets refused by the other end, and hears of it.
set(mismatch "FAILED: the peer's certificate isn't the one whose fingerprint was signalled: expected [0-9A-F:]+, got ")
foreach(pair IN ITEMS "client server" "server client")
  separate_arguments(ends UNIX_COMMAND "${pair}")
  list(GET ends 0 wrong)
  list(GET ends 1 other)
  expect(${DTLS_SRTP} 1 "${other}: ${mismatch}" --wrong-fingerprint ${wrong})
  expect_no_call()
  if(NOT said MATCHES "${wrong}: FAILED: DTLS handshake: [^\n]*bad certificate")
    message(SEND_ERROR "the ${wrong} didn't hear why:\n${said}")
  endif()
endforeach()

# No profile in common: OpenSSL's handshake succeeds all the same, and the ends have to notice.
expect(${DTLS_SRTP} 1 "FAILED: the handshake agreed on no SRTP profile.*FAILED: the handshake agreed on no SRTP profile"
       --profile AEAD_AES_128_GCM --server-profile AEAD_AES_256_GCM --server-profile AES_CM_128_HMAC_SHA1_80)
expect_no_call()

# Refusals of arguments: what is wrong, and exit code 2.
expect(${DTLS_SRTP} 2 "--profile.*AEAD_AES_256_GCM" --profile ROT13)
expect(${DTLS_SRTP} 2 "--profile.*AEAD_AES_256_GCM" --profile aead_chacha20_poly1305)
expect(${DTLS_SRTP} 2 "--packets" --packets 0)
expect(${DTLS_SRTP} 2 "--server requires --port" --server)
expect(${DTLS_SRTP} 2 "--client requires --port" --client)
expect(${DTLS_SRTP} 2 "--server excludes --client|--client excludes --server" --server --client --port 1)
expect(${DTLS_SRTP} 2 "--wrong-fingerprint" --wrong-fingerprint both)
expect(${DTLS_SRTP} 2 "--handshake-with requires --peer-fingerprint" --handshake-with 1)
expect(${DTLS_SRTP} 2 "32 pairs of hex digits" --handshake-with 1 --peer-fingerprint AB:CD)
# Port 1 needs rights to listen on, and nothing does.
expect(${DTLS_SRTP} 2 "calling the server" --client --port 1)
