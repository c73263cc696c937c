# Which profile two lists lead to: the first of the server's that the client has too. Arguments: DTLS_SRTP, SCRATCH.
include(${CMAKE_CURRENT_LIST_DIR}/../examples/expect.cmake)
set(gcm AEAD_AES_128_GCM)
set(gcm256 AEAD_AES_256_GCM)
set(cm AES_CM_128_HMAC_SHA1_80)
set(cm32 AES_CM_128_HMAC_SHA1_32)

# expect_profile(<profile> CLIENT <profiles>... SERVER <profiles>...)
function(expect_profile profile)
  cmake_parse_arguments(list "" "" "CLIENT;SERVER" ${ARGN})
  list(TRANSFORM list_CLIENT PREPEND "--profile=")
  list(TRANSFORM list_SERVER PREPEND "--server-profile=")
  expect(${DTLS_SRTP} 0 "profile ${profile},.*profile ${profile},.*Both ends got everything" --packets 20 ${list_CLIENT}
         ${list_SERVER})
endfunction()

expect_profile(${gcm} CLIENT ${cm} ${gcm} SERVER ${gcm} ${cm})
expect_profile(${cm} CLIENT ${gcm} ${cm} SERVER ${cm} ${gcm})
expect_profile(${gcm256} CLIENT ${gcm} ${cm} ${gcm256} SERVER ${gcm256} ${cm32})
expect_profile(${cm32} CLIENT ${gcm} ${cm32} SERVER ${gcm256} ${cm32} ${cm})
expect_profile(${cm} CLIENT ${gcm} ${gcm256} ${cm} ${cm32} SERVER ${cm})
# Both ends' default.
expect(${DTLS_SRTP} 0 "profile ${gcm},.*profile ${gcm},.*Both ends got everything" --packets 20)
