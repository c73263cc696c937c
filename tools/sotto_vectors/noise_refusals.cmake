# Noise vectors: sound, altered in every field, and of protocols that the library doesn't have. Included by refusals.cmake.

# expect_noise(<exit code> <regex> <protocol name> <fields>): a file of one case; ' stands for the double quotes.
function(expect_noise code said name fields)
  string(REPLACE "'" "\"" text "{'vectors': [{'protocol_name': '${name}', ${fields}}]}")
  expect_text(${code} "${said}" "${text}")
endfunction()

# The NN of cacophony (haskell-cryptography/cacophony, vectors/cacophony.txt, Unlicense), as far as its third message.
set(initiator "893e28b9dc6ca8d611ab664754b8ceb7bac5117349a4439a6b0569da977c464a")
set(responder "bbdb4cdbd309f1a1f2e1456967fe288cadd6f712d65dc7b7793d5e63da6b375b")
set(prologue "4a6f686e2047616c74")
set(hash "9223fec1b892ec9d0dc2fb3bbeb261f170d1ea679f9c44ccf34aa131b4f5d97")
set(first "ca35def5ae56cec33dc2036731ab14896bc4c75dbb07a61f879f8e3afa4c79444c756477696720766f6e204d69736573")
set(second "95ebc60d2b1fa672c1f46a8aa265ef51bfe38e7ccb39ec5be34069f144808843a0ff96bdf86b579ef7dbf94e812a7470")
string(APPEND second "b903c20a85a87e3a1fe863264ae547")
set(third "eb1a3e3d80c1792b1bb9cb0e1382f8d8322bfb1ca7c4c8517bb68")
set(name Noise_NN_25519_ChaChaPoly_SHA256)

# noise_case(<out> <initiator> <responder> <prologue> <hash> <third ciphertext> <second payload>): the fields of NN.
function(noise_case out initiator responder prologue hash third payload)
  set(${out} "'init_prologue': '${prologue}', 'init_ephemeral': '${initiator}', 'resp_prologue': '4a6f686e2047616c74',\
 'resp_ephemeral': '${responder}', 'handshake_hash': '${hash}', 'messages': [\
 {'payload': '4c756477696720766f6e204d69736573', 'ciphertext': '${first}'},\
 {'payload': '${payload}', 'ciphertext': '${second}'},\
 {'payload': '462e20412e20486179656b', 'ciphertext': '${third}'}]" PARENT_SCOPE)
endfunction()

set(payload 4d757272617920526f746862617264)
noise_case(fields ${initiator} ${responder} ${prologue} ${hash}e ${third}6 ${payload})
expect_noise(0 "1 passed, 0 failed, 0 skipped" ${name} "${fields}")
expect_noise(77 "skipped 1: the hash BLAKE2s isn't" Noise_NN_25519_ChaChaPoly_BLAKE2s "${fields}")
expect_noise(77 "skipped 1: the cipher None isn't" Noise_NN_25519_None_SHA256 "${fields}")
expect_noise(77 "skipped 1: the pattern XXfallback isn't" Noise_XXfallback_25519_ChaChaPoly_SHA256 "${fields}")
expect_noise(77 "skipped 1: Noise with another key agreement" Noise_NN_448_ChaChaPoly_SHA256 "${fields}")
expect_noise(2 "no Noise protocol's name" NN_25519 "${fields}")
expect_noise(2 "no init_static" Noise_XX_25519_ChaChaPoly_SHA256 "${fields}")
expect_noise(1 "0 passed, 1 failed" Noise_NN_25519_AESGCM_SHA256 "${fields}")
expect_noise(1 "doesn't start.*0 passed, 1 failed" Noise_NNpsk0_25519_ChaChaPoly_SHA256 "${fields}")
expect_noise(2 "messages" ${name} "'init_prologue': '', 'resp_prologue': ''")
noise_case(altered ${initiator} ${responder} ${prologue} ${hash}f ${third}6 ${payload})
expect_noise(1 "handshake hash differs.*0 passed, 1 failed" ${name} "${altered}")
noise_case(altered ${initiator} ${responder} ${prologue} ${hash}e ${third}7 ${payload})
expect_noise(1 "message 3.*differs.*0 passed, 1 failed" ${name} "${altered}")
noise_case(altered ${initiator} ${responder} ${prologue} ${hash}e ${third}6 4d757272617920526f746862617265)
expect_noise(1 "message 2.*differs.*0 passed, 1 failed" ${name} "${altered}")
noise_case(altered ${initiator} ${responder} 4a6f686e2047616c75 ${hash}e ${third}6 ${payload})
expect_noise(1 "message 2.*isn't read.*0 passed, 1 failed" ${name} "${altered}")
noise_case(altered ${responder} ${responder} ${prologue} ${hash}e ${third}6 ${payload})
expect_noise(1 "message 1.*differs.*0 passed, 1 failed" ${name} "${altered}")
noise_case(altered abcd ${responder} ${prologue} ${hash}e ${third}6 ${payload})
expect_noise(2 "hasn't 32 bytes" ${name} "${altered}")
noise_case(altered ${initiator} ${responder} ${prologue} ${hash}e "" ${payload})
expect_noise(2 "shorter than its payload" ${name} "${altered}")
