# The call's options, its counts, and what it refuses. Arguments: CALL, SPEECH, SCRATCH, EMULATOR.
include(${CMAKE_CURRENT_LIST_DIR}/expect.cmake)
set(equal "audio equal in ([0-9]+) of ([0-9]+) packets that arrived")
set(perfect --loss 0 --duplicate 0 --reorder 0 --tamper 0 --table 0)

# A perfect relay: everything arrives, and only once.
expect(${CALL} 0 "accepted +262 +27\n.*audio equal in 262 of 262 packets" ${perfect})
expect(${CALL} 0 "G.711 A-law.*audio equal in 262 of 262 packets" ${perfect} --alaw)
# Without a registered name, by the selection of both ends.
expect(${CALL} 0 "aead_chacha20_poly1305 .private use., kernel .*audio equal in 262 of 262 packets" ${perfect} --profile
       aead_chacha20_poly1305)
# Each fault by itself has its own outcome.
expect(${CALL} 0 "accepted +262 +27\n.*replayed +262 +27\n.*audio equal in 262 of 262" ${perfect} --duplicate 100)
expect(${CALL} 0 "accepted +262 +27\n.*replayed +0 +0\n.*audio equal in 262 of 262" ${perfect} --reorder 60)
expect(${CALL} 0 " [1-9][0-9]* altered.*${equal}" ${perfect} --tamper 50)
expect(${CALL} 0 " [1-9][0-9]* dropped.*${equal}" ${perfect} --loss 50)
# Nothing arrives intact: nothing to compare is no success.
expect(${CALL} 1 "accepted +0 +0\n.*FAILED: no packet arrived intact" ${perfect} --tamper 100)
expect(${CALL} 1 "accepted +0 +0\n.*FAILED: no packet arrived intact" ${perfect} --loss 100)

# The seed decides what the relay does. What it alters may be refused for another cause in each run, since SSRC and keys differ.
foreach(run IN ITEMS first second)
  expect(${CALL} 0 "${equal}" --seed 5 --table 0)
  string(REGEX MATCH "[0-9]+ datagrams in[^\n]*" ${run} "${said}")
endforeach()
if(NOT first STREQUAL second)
  message(SEND_ERROR "the same seed, but: ${first} and ${second}")
endif()

# The sequence number wraps, once early and once on the way; the audio repeats.
expect(${CALL} 0 "${equal}" --first-sequence 65530 --packets 40 --loss 0 --duplicate 20 --reorder 20 --tamper 5 --table 0)
expect(${CALL} 0 "70000 packets.*${equal}" --packets 70000 --table 0)
expect(${CALL} 0 "audio equal in 1 of 1 " ${perfect} --packets 1)
# 30 packets of 20 ms: the last one is sent 0.58 s after the first.
string(TIMESTAMP start "%s%f")
expect(${CALL} 0 "audio equal in 30 of 30" ${perfect} --packets 30 --realtime)
string(TIMESTAMP stop "%s%f")
math(EXPR took "${stop} - ${start}")
if(took LESS 580000)
  message(SEND_ERROR "--realtime took ${took} microseconds")
endif()
expect(${CALL} 0 "Latency in ns.*AEAD_AES_128_GCM.*AEAD_AES_256_GCM.*aead_chacha20_poly1305.*AES_CM_128_HMAC_SHA1_80.*${equal}"
       --table 640)

# What the callee hears can be said again.
expect(${CALL} 0 "audio equal in 262 of 262" ${perfect} --wav-out ${SCRATCH}/heard.wav)
expect(${CALL} 0 "audio equal in 262 of 262" ${perfect} --wav-in ${SCRATCH}/heard.wav --wav-out ${SCRATCH}/again.wav)
expect_same(heard.wav again.wav)

# Refusals: what is wrong, and exit code 2.
expect(${CALL} 2 "--profile.*AES_CM_128_HMAC_SHA1_80" --profile ROT13)
expect(${CALL} 2 "--profile.*aead_chacha20_poly1305" --profile chacha20)
expect(${CALL} 2 "--loss" --loss 101)
expect(${CALL} 2 "--loss" --loss -1)
expect(${CALL} 2 "--packets" --packets 0)
expect(${CALL} 2 "--packets" --packets many)
expect(${CALL} 2 "--first-sequence" --first-sequence 65536)
expect(${CALL} 2 "--nonsense" --nonsense)
expect(${CALL} 2 "absent.wav: no such file" --wav-in ${SCRATCH}/absent.wav)
expect(${CALL} 2 "not a regular file" --wav-in ${SCRATCH})
expect(${CALL} 2 "can't be created" --wav-out ${SCRATCH}/absent/out.wav --table 0)
expect(${CALL} 2 "can't be created" --srtp-out ${SCRATCH}/absent/out.pcap --table 0)
file(WRITE ${SCRATCH}/text.wav "This is no audio.")
expect(${CALL} 2 "text.wav: not a WAV file" --wav-in ${SCRATCH}/text.wav)
file(WRITE ${SCRATCH}/short.key "00112233")
expect(${CALL} 2 "short.key: key: 4 bytes; AEAD_AES_128_GCM takes 28 bytes" --key-file ${SCRATCH}/short.key)
