# The example dtls_srtp, whose handshakes are OpenSSL's: with itself in another process, and with OpenSSL's s_server.
if(NOT TARGET peer::openssl OR NOT SOTTO_BUILD_EXAMPLES)
  sotto_skip_test(interop/dtls_srtp "no OpenSSL, or no examples")
  set_tests_properties(interop/dtls_srtp PROPERTIES LABELS interop)
  return()
endif()

function(sotto_add_dtls_test name)
  add_test(NAME interop/dtls_srtp/${name} COMMAND ${ARGN})
  set_tests_properties(interop/dtls_srtp/${name} PROPERTIES LABELS interop TIMEOUT 120)
endfunction()

set(scratch ${CMAKE_CURRENT_BINARY_DIR}/dtls)
set(program -DDTLS_SRTP=$<TARGET_FILE:dtls_srtp>)
foreach(profile IN ITEMS AEAD_AES_128_GCM AEAD_AES_256_GCM AES_CM_128_HMAC_SHA1_80 AES_CM_128_HMAC_SHA1_32)
  sotto_add_dtls_test(${profile} ${CMAKE_COMMAND} ${program} -DPROFILE=${profile} -DSCRATCH=${scratch}/${profile}
                      -P ${CMAKE_CURRENT_LIST_DIR}/dtls_call.cmake)
endforeach()
foreach(script IN ITEMS negotiation refusals)
  sotto_add_dtls_test(${script} ${CMAKE_COMMAND} ${program} -DSCRATCH=${scratch}/${script}
                      -P ${CMAKE_CURRENT_LIST_DIR}/dtls_${script}.cmake)
endforeach()
sotto_add_dtls_test(two_terminals sh ${CMAKE_CURRENT_LIST_DIR}/dtls_two_terminals.sh $<TARGET_FILE:dtls_srtp>
                    ${scratch}/two_terminals)

add_executable(sotto_tests_dtls dtls_handshake.cpp dtls_messages.cpp)
target_link_libraries(sotto_tests_dtls PRIVATE dtls_srtp_handshake sotto_warnings sotto_catch)
target_include_directories(sotto_tests_dtls PRIVATE ${PROJECT_SOURCE_DIR}/tests ${PROJECT_SOURCE_DIR}/examples)
foreach(tag IN ITEMS dtls_handshake dtls_messages)
  sotto_add_dtls_test(${tag} sotto_tests_dtls --filenames-as-tags "[#${tag}]")
  set_tests_properties(interop/dtls_srtp/${tag} PROPERTIES FAIL_REGULAR_EXPRESSION "No test cases matched")
endforeach()

find_program(OPENSSL_PROGRAM openssl)
mark_as_advanced(OPENSSL_PROGRAM)
if(OPENSSL_PROGRAM)
  sotto_add_dtls_test(s_server sh ${CMAKE_CURRENT_LIST_DIR}/dtls_s_server.sh $<TARGET_FILE:dtls_srtp> ${OPENSSL_PROGRAM}
                      ${scratch}/s_server)
else()
  sotto_skip_test(interop/dtls_srtp/s_server "no program openssl")
  set_tests_properties(interop/dtls_srtp/s_server PROPERTIES LABELS interop)
endif()
