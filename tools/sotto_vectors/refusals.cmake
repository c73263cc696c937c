# Runs sotto_vectors on altered vectors and unusable files, and checks what it says and its exit code.
# Arguments: PROGRAM, EMULATOR (may be empty), PACKETS (a sound file in the general packet schema), SCRATCH (a folder).
cmake_minimum_required(VERSION 3.25)
file(REMOVE_RECURSE ${SCRATCH})
file(MAKE_DIRECTORY ${SCRATCH})

# expect(<exit code> <regex of stdout and stderr together> <arguments>...)
function(expect code said)
  execute_process(COMMAND ${EMULATOR} ${PROGRAM} ${ARGN} RESULT_VARIABLE result OUTPUT_VARIABLE output
                  ERROR_VARIABLE output)
  if(NOT result STREQUAL code OR NOT output MATCHES "${said}")
    message(SEND_ERROR "sotto_vectors ${ARGN}\nexpected code ${code} and \"${said}\"; got ${result} and:\n${output}")
  endif()
endfunction()

function(expect_text code said text)
  file(WRITE ${SCRATCH}/file "${text}")
  expect(${code} "${said}" ${SCRATCH}/file)
endfunction()

# flip_in(<text> <field> <code> <regex>): the sound text with another last digit in the first <field>.
function(flip_in text field code said)
  string(REGEX MATCH "\"${field}\": \"[0-9a-f]*[0-9a-f]\"" sound "${text}")
  string(REGEX REPLACE "0\"$" "1\"" altered "${sound}")
  if(altered STREQUAL sound)
    string(REGEX REPLACE ".\"$" "0\"" altered "${sound}")
  endif()
  if(sound STREQUAL "" OR altered STREQUAL sound)
    message(SEND_ERROR "no \"${field}\" to alter")
  endif()
  string(FIND "${text}" "${sound}" at)
  string(LENGTH "${sound}" len)
  math(EXPR behind "${at} + ${len}")
  string(SUBSTRING "${text}" 0 ${at} head)
  string(SUBSTRING "${text}" ${behind} -1 tail)
  expect_text(${code} "${said}" "${head}${altered}${tail}")
endfunction()

# flip(<field> <code> <regex>): the same of the packet file.
function(flip field code said)
  file(READ ${PACKETS} text)
  flip_in("${text}" ${field} ${code} "${said}")
endfunction()

# expect_case(<exit code> <regex> <algorithm> <fields> [<fields of its group>]): a Wycheproof file of one case; ' stands
# for the double quotes.
function(expect_case code said algorithm fields)
  set(text "{'algorithm': '${algorithm}', 'schema': '', 'testGroups': [{${ARGN} 'tests': [{'tcId': 1, ${fields}}]}]}")
  string(REPLACE "'" "\"" text "${text}")
  expect_text(${code} "${said}" "${text}")
endfunction()

expect(0 " passed, 0 failed, 0 skipped" ${PACKETS})
flip(packet_protected 1 " passed, 1 failed, 0 skipped")
flip(packet_plain 1 " passed, 1 failed, 0 skipped")
flip(master_key 1 " passed, 1 failed, 0 skipped")
flip(master_salt 1 " passed, 1 failed, 0 skipped")

# FIPS 197 C.1, sound and altered.
set(ecb "# AESVS KAT test data for ECB\n[ENCRYPT]\n\nCOUNT = 0\nKEY = 000102030405060708090a0b0c0d0e0f\n")
string(APPEND ecb "PLAINTEXT = 00112233445566778899aabbccddeeff\n")
expect_text(0 "1 passed, 0 failed, 0 skipped" "${ecb}CIPHERTEXT = 69c4e0d86a7b0430d8cdb78070b4c55a\n")
expect_text(1 "FAILED.*ciphertext differs.*0 passed, 1 failed" "${ecb}CIPHERTEXT = 69c4e0d86a7b0430d8cdb78070b4c55b\n")
expect_text(2 "CIPHERTEXT is missing" "${ecb}")
expect_text(2 "not hex" "${ecb}CIPHERTEXT = 69c4e0d86a7b0430d8cdb78070b4c55x\n")
expect_text(2 "line 4: neither" "# AESVS KAT test data for ECB\n[ENCRYPT]\n\nnonsense\n")

# Sound cases, altered ones, and sound ones that claim to be invalid.
set(zeros 00000000000000000000000000000000)
set(sound "1 passed, 0 failed, 0 skipped")
set(unsound "0 passed, 1 failed, 0 skipped")
set(key "'key': '80ba3192c803ce965ea371d5ff073cf0f43b6a2ab576b208426e11409c09b9b0', 'aad': '', 'msg': '', 'ct': ''")
set(nonce "'iv': '4da5bf8dfd5852c1ea12379d'")
set(tag "'tag': '76acb342cf3166a5b63c0c0ea1383c8d'")
expect_case(0 "${sound}" CHACHA20-POLY1305 "${key}, ${nonce}, ${tag}, 'result': 'valid'")
expect_case(0 "${sound}" CHACHA20-POLY1305 "${key}, ${nonce}, 'tag': '${zeros}', 'result': 'invalid'")
expect_case(1 "tag differs.*${unsound}" CHACHA20-POLY1305 "${key}, ${nonce}, 'tag': '${zeros}', 'result': 'valid'")
expect_case(1 "invalid message was accepted.*${unsound}" CHACHA20-POLY1305
            "${key}, ${nonce}, ${tag}, 'result': 'invalid'")
expect_case(2 "unknown result" CHACHA20-POLY1305 "${key}, ${nonce}, ${tag}, 'result': 'perhaps'")
expect_case(77 "skipped 1: ChaCha20-Poly1305 has nonces of 96 bits" CHACHA20-POLY1305 "${key}, 'iv': ''")

set(mac "'key': 'e34f15c7bd819930fe9d66e0c166e61c', 'msg': ''")
set(tag "'tag': '1d765ab9e29892f7bfec2975ad4bc2dc'")
expect_case(0 "${sound}" HMACSHA256 "${mac}, ${tag}, 'result': 'valid'")
expect_case(1 "${unsound}" HMACSHA256 "${mac}, ${tag}, 'result': 'invalid'")
expect_case(1 "tag differs.*${unsound}" HMACSHA256 "${mac}, 'tag': '${zeros}', 'result': 'valid'")

set(ikm "'ikm': '24aeff2645e3e0f5494a9a102778c43a', 'salt': '', 'info': ''")
expect_case(0 "${sound}" HKDF-SHA-256 "${ikm}, 'size': 2, 'okm': 'd4cc', 'result': 'valid'")
expect_case(1 "output of 2 bytes differs.*${unsound}" HKDF-SHA-256
            "${ikm}, 'size': 2, 'okm': 'd4cd', 'result': 'valid'")
expect_case(0 "${sound}" HKDF-SHA-256 "${ikm}, 'size': 8161, 'okm': '', 'result': 'invalid'")
expect_case(1 "wasn't refused.*${unsound}" HKDF-SHA-256 "${ikm}, 'size': 8160, 'okm': '', 'result': 'invalid'")
expect_case(2 "contradict" HKDF-SHA-256 "${ikm}, 'size': 3, 'okm': 'd4cc', 'result': 'valid'")

include(${CMAKE_CURRENT_LIST_DIR}/header_refusals.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/noise_refusals.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/sframe_refusals.cmake)

# RFC 7748 6.1, and a u of low order.
set(curve "'curve': 'curve25519',")
set(private "'flags': [], 'private': '77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a'")
set(public "'public': 'de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f'")
set(shared "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e16174")
set(low_order "'public': '${zeros}${zeros}'")
expect_case(0 "${sound}" XDH "${private}, ${public}, 'shared': '${shared}2', 'result': 'valid'" ${curve})
expect_case(1 "product differs.*${unsound}" XDH
            "${private}, ${public}, 'shared': '${shared}3', 'result': 'valid'" ${curve})
expect_case(0 "${sound}.*0 shared secrets, 1 all-zero" XDH
            "${private}, ${low_order}, 'shared': '${zeros}${zeros}', 'result': 'acceptable'" ${curve})
expect_case(77 "XDH over curve448 isn't" XDH "'any': 0" "'curve': 'curve448',")

expect(2 "required" "")
expect(2 "no such file" ${SCRATCH}/absent)
expect(2 "not a regular file" ${SCRATCH})
expect_text(2 "empty" "")
expect_text(2 "empty" "\n \n")
expect_text(2 "line 1: neither" "hello\n")
expect_text(2 "parse error" "{\"vectors\": ")
expect_text(2 "neither" "[]")
expect_text(2 "unknown kind" "{}")
expect_text(2 "no vectors" "{\"vectors\": []}")
expect_text(2 "unknown kind" "{\"vectors\": [{\"what\": 1}]}")
expect_text(2 "not an object" "{\"vectors\": [1]}")
expect_case(77 "1 skipped.*nothing ran" unheard-of "'any': 0")
# One unusable file spoils the run, whatever the others hold.
file(WRITE ${SCRATCH}/file "")
expect(2 " passed, 0 failed.*empty" ${PACKETS} ${SCRATCH}/file)
