# The wiretap demo and retro: every run, the mistakes that must make it fail, other people's recordings, and what is
# refused. Arguments: WIRETAP, RETRO, SRTP_PCAP, CALL, SPEECH, SCRATCH, EMULATOR.
include(${CMAKE_CURRENT_LIST_DIR}/expect.cmake)

# All runs, in order, with nothing failed; each by itself.
expect(${WIRETAP} 0 "\n1\\. SDES.*\n2\\. .*\n3\\. .*\n4\\. .*\n5\\. .*\n6\\. .*\n7\\. .*\n8\\. .*checks hold" --keep ${SCRATCH}/kept)
if(said MATCHES "FAILED" OR NOT said MATCHES "\n([0-9]+) of ([0-9]+) checks hold" OR NOT CMAKE_MATCH_1 STREQUAL CMAKE_MATCH_2)
  message(SEND_ERROR "not all checks hold, yet exit code 0:\n${said}")
endif()
foreach(run RANGE 1 8)
  expect(${WIRETAP} 0 "\n${run}\\. [^\n]*\n.*\\[ok\\].*checks hold" --run ${run})
  string(REGEX MATCHALL "\n[1-8]\\. " chapters "${said}")
  list(LENGTH chapters count)
  if(NOT count EQUAL 1)
    message(SEND_ERROR "--run ${run} tells ${count} runs:\n${said}")
  endif()
endforeach()
foreach(folder IN ITEMS run-1 run-2 run-3 run-4 run-5 run-6-words run-6-pinned run-7 run-8-bare run-8-padded)
  foreach(file IN ITEMS signalling.log call.pcap)
    if(NOT EXISTS ${SCRATCH}/kept/${folder}/${file})
      message(SEND_ERROR "--keep left no ${folder}/${file}")
    endif()
  endforeach()
endforeach()

# Planted faults: the demo fails, and says where.
expect(${WIRETAP} 1 "FAILED. packets that the relay played back to their sender: [0-9]+, refused: 0 " --run 2 --fault direction)
expect(${WIRETAP} 1 "FAILED. the caller's phone shows \"([a-z]+ [a-z]+)\", the callee's" --run 6 --fault reveal)
if(NOT said MATCHES "caller's phone shows \"([a-z]+ [a-z]+)\", the callee's \"([a-z]+ [a-z]+)\"" OR NOT CMAKE_MATCH_1 STREQUAL CMAKE_MATCH_2)
  message(SEND_ERROR "the relay didn't find equal words:\n${said}")
endif()
expect(${WIRETAP} 1 "FAILED. the relay opened" --run 5 --fault direction)

# Somebody's recorded SDES call and its two crypto lines, or one of them.
file(STRINGS ${SCRATCH}/kept/run-1/signalling.log lines REGEX "^a=crypto:")
list(GET lines 0 callers)
list(GET lines 1 callees)
set(pcap ${SCRATCH}/kept/run-1/call.pcap)
expect(${RETRO} 0 "opened 524 of 524 packets" --pcap ${pcap} --crypto ${callers} --crypto ${callees})
expect(${RETRO} 0 "opened 262 of 524 packets, 1 keys tried" --pcap ${pcap} --crypto ${callees} --wav-out ${SCRATCH}/callee.wav)
expect_same(callee.wav kept/run-1/caller-heard.wav)
expect(${RETRO} 0 "opened 0 of 524 packets, 1 keys tried" --pcap ${pcap} --crypto
       "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:ABEiM0RVZneImaq7zN3u/w8eLTxLWml4h5altMPS")
# Another program says the same of the recording.
expect(${SRTP_PCAP} 1 "RTP: 262 accepted, 262 authentication_failed" ${pcap} --crypto ${callees})
# A call of another program, with sender reports and without Ethernet.
file(WRITE ${SCRATCH}/call.key "ABEiM0RVZneImaq7zN3u/w8eLTxLWml4h5altA==\n")
expect(${CALL} 0 "audio equal in 262 of 262" --key-file ${SCRATCH}/call.key --srtp-out ${SCRATCH}/srtp.pcap --wav-out
       ${SCRATCH}/heard.wav --loss 0 --tamper 0 --table 0)
expect(${RETRO} 0 "opened 289 of 289 packets" --pcap ${SCRATCH}/srtp.pcap --wav-out ${SCRATCH}/opened.wav --crypto
       "a=crypto:1 AEAD_AES_128_GCM inline:ABEiM0RVZneImaq7zN3u/w8eLTxLWml4h5altA==")
expect_same(heard.wav opened.wav)
# The log alone, wherever the key stands in it; lines that aren't what they look like.
file(WRITE ${SCRATCH}/odd.log "a=crypto:1 ROT13 inline:x\na=noise:Noise_XX_25519_ChaChaPoly_SHA256 !\n"
     "X-Debug: 00112233445566778899aabbccddeeff0f1e2d3c4b5a69788796a5b4\n")
expect(${RETRO} 0 "unusable crypto line: character 12: unknown.* 1 fit\nopened 289 of 289 packets" --pcap ${SCRATCH}/srtp.pcap
       --log ${SCRATCH}/odd.log)

# Refusals: what is wrong, and exit code 2; never the key.
expect(${WIRETAP} 2 "--run" --run 9)
expect(${WIRETAP} 2 "--run" --run x)
expect(${WIRETAP} 2 "nothing" --fault nothing)
expect(${WIRETAP} 2 "absent.wav: no such file" --speech ${SCRATCH}/absent.wav --run 1)
expect(${WIRETAP} 2 "absent: no such program" --retro ${SCRATCH}/absent --run 1)
expect(${RETRO} 2 "--pcap is required")
expect(${RETRO} 2 "absent.pcap: no such file" --pcap ${SCRATCH}/absent.pcap)
expect(${RETRO} 2 "heard.wav: not a capture" --pcap ${SCRATCH}/heard.wav)
expect(${RETRO} 2 "absent.log: no such file" --pcap ${pcap} --log ${SCRATCH}/absent.log)
expect(${RETRO} 2 "crypto line: character 43: key and salt" --pcap ${pcap} --crypto
       "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:ABEiM0RVZneImaq7zN3u")
if(said MATCHES "ABEiM")
  message(SEND_ERROR "tells the key: ${said}")
endif()
file(WRITE ${SCRATCH}/bad.keys "initiator:AAAA\n")
expect(${RETRO} 2 "bad.keys: not a key of 32 bytes" --pcap ${pcap} --log ${SCRATCH}/odd.log --leaked ${SCRATCH}/bad.keys)
expect(${RETRO} 2 "--leaked requires --log" --pcap ${pcap} --leaked ${SCRATCH}/bad.keys)
expect(${RETRO} 2 "can't be created" --pcap ${pcap} --crypto ${callees} --wav-out ${SCRATCH}/absent/x.wav)
