# Captures there and back, and what srtp_pcap refuses. Arguments: SRTP_PCAP, MAKE_CAPTURE, CALL, SPEECH, SCRATCH, EMULATOR.
include(${CMAKE_CURRENT_LIST_DIR}/expect.cmake)

function(expect_differ a b)
  execute_process(COMMAND ${CMAKE_COMMAND} -E compare_files ${a} ${b} RESULT_VARIABLE differs
                  WORKING_DIRECTORY ${SCRATCH})
  if(NOT differs EQUAL 1)
    message(SEND_ERROR "${a} and ${b} are the same, or one is missing")
  endif()
endfunction()

# Keys and salts of each length, in hex: 28, 30, 38, 44 and 46 bytes are prefixes of this text.
set(digits 00112233445566778899aabbccddeeff0f1e2d3c4b5a69788796a5b4c3d2e1f00123456789abcdef0123456789ab)
set(wrong 10112233445566778899aabbccddeeff0f1e2d3c4b5a69788796a5b4c3d2e1f00123456789abcdef0123456789ab)
set(lengths NULL_HMAC_SHA1_80 60 NULL_HMAC_SHA1_32 60 AES_CM_128_HMAC_SHA1_80 60 AES_CM_128_HMAC_SHA1_32 60
    AES_192_CM_HMAC_SHA1_80 76 AES_192_CM_HMAC_SHA1_32 76 AES_256_CM_HMAC_SHA1_80 92 AES_256_CM_HMAC_SHA1_32 92
    aead_chacha20_poly1305 88 AEAD_AES_128_GCM 56 AEAD_AES_256_GCM 88)

# Every link type in every profile: protected and unprotected again, the capture is what it was, byte for byte.
foreach(link IN ITEMS ethernet sll sll2 raw)
  expect(${MAKE_CAPTURE} 0 "" ${SCRATCH}/${link}.pcap ${link})
endforeach()
set(rest ${lengths})
while(rest)
  list(POP_FRONT rest profile len)
  string(SUBSTRING ${digits} 0 ${len} key)
  string(SUBSTRING ${wrong} 0 ${len} wrong_key)
  foreach(link IN ITEMS ethernet sll sll2 raw)
    expect(${SRTP_PCAP} 0 "\nRTP: 120 accepted\nRTCP: 12 accepted\n" ${SCRATCH}/${link}.pcap --protect --profile ${profile}
           --key ${key} --out ${SCRATCH}/protected.pcap)
    expect(${SRTP_PCAP} 0 "\nRTP: 120 accepted\nRTCP: 12 accepted\n" ${SCRATCH}/protected.pcap --profile ${profile} --key ${key}
           --out ${SCRATCH}/again.pcap)
    expect_same(${link}.pcap again.pcap)
  endforeach()
  expect(${SRTP_PCAP} 1 "\nRTP: 0 accepted, 120 authentication_failed\nRTCP: 0 accepted, 12 authentication_failed\nA stream.*rollover"
         ${SCRATCH}/protected.pcap --profile ${profile} --key ${wrong_key})
endwhile()

# The last profile's capture: what is in it, and parts of it.
set(gcm ${SCRATCH}/protected.pcap --profile AEAD_AES_256_GCM --key ${key})
expect(${SRTP_PCAP} 0 "3 SSRCs.*SSRC 0x00000001: RTP 40 accepted.*SSRC 0xfffffffe: RTP 40 accepted" ${gcm})
expect(${SRTP_PCAP} 0 "not UDP.*IP fragments.*neither RTP nor RTCP" ${gcm})
expect(${SRTP_PCAP} 0 "1 SSRC\n.*RTP: 40 accepted" ${gcm} --ssrc 0xfffffffe)
expect(${SRTP_PCAP} 0 "2 SSRCs\n.*RTP: 80 accepted" ${gcm} --ssrc 1 0xfffffffe)
expect(${SRTP_PCAP} 0 "1 SSRC\n.*RTP: 40 accepted" ${gcm} --port 5002)
expect(${SRTP_PCAP} 2 "no RTP or RTCP to convert.*not selected" ${gcm} --port 9)
# Two of the three streams are G.711.
expect(${SRTP_PCAP} 0 "audio: .*audio-00000001.wav\naudio: .*audio-53544f54.wav\n$" ${gcm} --wav ${SCRATCH}/audio.wav)
expect(${SRTP_PCAP} 0 "audio: .*one.wav\n$" ${gcm} --ssrc 1 --wav ${SCRATCH}/one.wav)
expect_same(audio-00000001.wav one.wav)
expect(${SRTP_PCAP} 0 "no G.711" ${gcm} --ssrc 0xfffffffe --wav ${SCRATCH}/none.wav)
# Protected twice: each index once.
expect(${MAKE_CAPTURE} 0 "" ${SCRATCH}/twice.pcap twice)
expect(${SRTP_PCAP} 0 "RTP: 120 accepted, 120 index_used" ${SCRATCH}/twice.pcap --protect --profile AEAD_AES_256_GCM --key ${key})

# The same keys as a crypto line: what --profile and --key protect, it opens, in every suite that has a name in SDES.
set(base64_60 ABEiM0RVZneImaq7zN3u/w8eLTxLWml4h5altMPS)
set(base64_76 ABEiM0RVZneImaq7zN3u/w8eLTxLWml4h5altMPS4fABI0Vnias=)
set(base64_92 ABEiM0RVZneImaq7zN3u/w8eLTxLWml4h5altMPS4fABI0VniavN7wEjRWeJqw==)
set(base64_56 ABEiM0RVZneImaq7zN3u/w8eLTxLWml4h5altA==)
set(base64_88 ABEiM0RVZneImaq7zN3u/w8eLTxLWml4h5altMPS4fABI0VniavN7wEjRWc=)
set(plain ${SCRATCH}/ethernet.pcap)
set(all "\nRTP: 120 accepted\nRTCP: 12 accepted\n")
set(rest ${lengths})
while(rest)
  list(POP_FRONT rest profile len)
  if(profile MATCHES "NULL|chacha")
    continue()
  endif()
  string(SUBSTRING ${digits} 0 ${len} key)
  set(line "crypto:7 ${profile} inline:${base64_${len}}")
  expect(${SRTP_PCAP} 0 "${all}" ${plain} --protect --profile ${profile} --key ${key} --out ${SCRATCH}/by_key.pcap)
  expect(${SRTP_PCAP} 0 "as ${profile}, .*\ncrypto line with tag 7: 1 key, server-visible\n.*${all}"
         ${SCRATCH}/by_key.pcap --crypto "a=${line}" --out ${SCRATCH}/again.pcap)
  expect_same(ethernet.pcap again.pcap)
  expect(${SRTP_PCAP} 0 "${all}" ${plain} --protect --crypto ${line} --out ${SCRATCH}/by_line.pcap)
  expect_same(by_key.pcap by_line.pcap)
endwhile()

# Session parameters, lifetimes and MKIs of a line change the packets, and its reader undoes that.
set(first ${base64_60})
set(second EBEiM0RVZneImaq7zN3u/w8eLTxLWml4h5altMPS)
set(cm80 "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:${first}")
expect(${SRTP_PCAP} 0 "${all}" ${plain} --protect --crypto ${cm80} --out ${SCRATCH}/simple.pcap)
foreach(parameter IN ITEMS KDR=3 UNENCRYPTED_SRTP UNENCRYPTED_SRTCP)
  expect(${SRTP_PCAP} 0 "server-visible, ${parameter}\n.*${all}" ${plain} --protect --crypto "${cm80} ${parameter}"
         --out ${SCRATCH}/parameter.pcap)
  expect_differ(simple.pcap parameter.pcap)
  expect(${SRTP_PCAP} 0 "${all}" ${SCRATCH}/parameter.pcap --crypto "${cm80} ${parameter}" --out ${SCRATCH}/again.pcap)
  expect_same(ethernet.pcap again.pcap)
endforeach()
# With a derivation rate of 2 the first two packets have the keys of a rate of 0, and others haven't.
expect(${SRTP_PCAP} 0 "${all}" ${plain} --protect --crypto "${cm80} KDR=1" --out ${SCRATCH}/kdr.pcap)
expect(${SRTP_PCAP} 1 "\nRTP: 0 accepted, 120 authentication_failed\nRTCP: 6 accepted, 6 authentication_failed\n"
       ${SCRATCH}/kdr.pcap --crypto ${cm80})
expect(${SRTP_PCAP} 1 "RTP: 100 accepted, 20 key_exhausted\nRTCP: 12 accepted\n" ${SCRATCH}/simple.pcap
       --crypto "${cm80}|100")
expect(${SRTP_PCAP} 0 "forward error correction left as it is\n.*${all}" ${SCRATCH}/simple.pcap --crypto
       "${cm80} FEC_ORDER=SRTP_FEC -FUTURE=1 WSH=512")
# Two keys: the first protects, either opens.
foreach(order IN ITEMS "${first}|2^20|1:2\;inline:${second}|2^20|2:2" "${second}|2^20|2:2\;inline:${first}|2^20|1:2")
  expect(${SRTP_PCAP} 0 "2 keys, server-visible, MKI of 2 bytes\n.*${all}" ${plain} --protect --crypto
         "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:${order}" --out ${SCRATCH}/by_mki.pcap)
  expect_differ(simple.pcap by_mki.pcap)
  expect(${SRTP_PCAP} 0 "${all}" ${SCRATCH}/by_mki.pcap --crypto
         "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:${second}|2:2\;inline:${first}|1:2" --out ${SCRATCH}/again.pcap)
  expect_same(ethernet.pcap again.pcap)
endforeach()
# The first key protects as many packets as it may, the second all others.
expect(${SRTP_PCAP} 0 "${all}" ${plain} --protect --crypto
       "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:${first}|100|1:2\;inline:${second}|2:2" --out ${SCRATCH}/rotated.pcap)
expect(${SRTP_PCAP} 0 "${all}" ${SCRATCH}/rotated.pcap --crypto
       "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:${second}|2:2\;inline:${first}|1:2" --out ${SCRATCH}/again.pcap)
expect_same(ethernet.pcap again.pcap)
expect(${SRTP_PCAP} 1 "\nRTP: 100 accepted, 20 unknown_mki" ${SCRATCH}/rotated.pcap --crypto "${cm80}|1:2")
expect(${SRTP_PCAP} 1 "\nRTP: 0 accepted, 120 unknown_mki" ${SCRATCH}/by_mki.pcap --crypto "${cm80}|3:2")

# Lines from a description: the first usable one, or the first usable one with a tag.
file(WRITE ${SCRATCH}/call.sdp "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\nm=audio 5000 RTP/SAVP 0\r\n"
     "a=crypto:1 AES_CM_128_HMAC_MD5 inline:${first}\r\na=crypto:2 AES_CM_128_HMAC_SHA1_80 inline:${second}\r\n"
     "a=crypto:3 AES_CM_128_HMAC_SHA1_80 inline:${first}\r\n")
expect(${SRTP_PCAP} 1 "tag 2: .*RTP: 0 accepted, 120 auth" ${SCRATCH}/simple.pcap --crypto-file ${SCRATCH}/call.sdp)
expect(${SRTP_PCAP} 0 "tag 3: .*${all}" ${SCRATCH}/simple.pcap --crypto-file ${SCRATCH}/call.sdp --tag 3)
file(WRITE ${SCRATCH}/line.txt "crypto:9 AES_CM_128_HMAC_SHA1_80 inline:${first}\n")
expect(${SRTP_PCAP} 0 "tag 9: .*${all}" ${SCRATCH}/simple.pcap --crypto-file ${SCRATCH}/line.txt)

# A recording that begins after the sequence numbers wrapped.
expect(${SRTP_PCAP} 0 "${all}" ${plain} --protect --crypto ${cm80} --roc 70000 --out ${SCRATCH}/late.pcap)
expect(${SRTP_PCAP} 1 "RTP: 0 accepted, 120 authentication_failed\nRTCP: 12 accepted\n.*counter of 0; see --roc"
       ${SCRATCH}/late.pcap --crypto ${cm80})
expect(${SRTP_PCAP} 1 "RTP: 0 accepted, 120 authentication_failed.*counter of 7; see --roc" ${SCRATCH}/late.pcap
       --crypto ${cm80} --roc 7)
expect(${SRTP_PCAP} 0 "${all}" ${SCRATCH}/late.pcap --crypto ${cm80} --roc 70000 --out ${SCRATCH}/again.pcap)
expect_same(ethernet.pcap again.pcap)
# The first packets, and with them a wrap, may be lost.
expect(${SRTP_PCAP} 0 "${all}" ${SCRATCH}/late.pcap --crypto ${cm80} --roc 69999 --out ${SCRATCH}/again.pcap)
expect_same(ethernet.pcap again.pcap)

# A call recorded at its relay, unprotected: what the caller sent, packet for packet, and its audio bit for bit.
file(WRITE ${SCRATCH}/call.key "inline:ABEiM0RVZneImaq7zN3u/w8eLTxLWml4h5altA==\n")
expect(${CALL} 0 "audio equal in 262 of 262" --profile AEAD_AES_128_GCM --key-file ${SCRATCH}/call.key --rtp-out ${SCRATCH}/rtp.pcap
       --srtp-out ${SCRATCH}/srtp.pcap --wav-out ${SCRATCH}/heard.wav --loss 0 --tamper 0 --table 0)
expect(${SRTP_PCAP} 0 "RTP: 262 accepted\nRTCP: 27 accepted\n" ${SCRATCH}/srtp.pcap --profile AEAD_AES_128_GCM --key-file
       ${SCRATCH}/call.key --out ${SCRATCH}/opened.pcap --wav ${SCRATCH}/opened.wav)
expect_same(rtp.pcap opened.pcap)
expect_same(heard.wav opened.wav)
expect(${SRTP_PCAP} 0 "RTP: 262 accepted" ${SCRATCH}/srtp.pcap --profile AEAD_AES_128_GCM --key
       ABEiM0RVZneImaq7zN3u/w8eLTxLWml4h5altA)

# Refusals: what is wrong, and exit code 2.
set(srtp ${SCRATCH}/srtp.pcap --profile AEAD_AES_128_GCM)
expect(${SRTP_PCAP} 2 "CAPTURE is required")
expect(${SRTP_PCAP} 2 "--profile is required" ${SCRATCH}/srtp.pcap --key 00)
expect(${SRTP_PCAP} 2 "--profile, --crypto or --crypto-file is required" ${SCRATCH}/srtp.pcap)
expect(${SRTP_PCAP} 2 "--profile.*AEAD_AES_256_GCM" ${SCRATCH}/srtp.pcap --profile AES --key 00)
expect(${SRTP_PCAP} 2 "--key or --key-file is required" ${srtp})
expect(${SRTP_PCAP} 2 "--key(-file)? excludes --key" ${srtp} --key 00 --key-file ${SCRATCH}/call.key)
expect(${SRTP_PCAP} 2 "--(protect excludes --wav|wav excludes --protect)" ${srtp} --key-file ${SCRATCH}/call.key --protect --wav x)
expect(${SRTP_PCAP} 2 "1 bytes; AEAD_AES_128_GCM takes 28 bytes, 16 of key and 12 of salt: 38 characters of base64 or 56 of hex"
       ${srtp} --key 00)
expect(${SRTP_PCAP} 2 "AES_CM_128_HMAC_SHA1_80 takes 30 bytes" ${SCRATCH}/srtp.pcap --profile AES_CM_128_HMAC_SHA1_80
       --key-file ${SCRATCH}/call.key)
expect(${SRTP_PCAP} 2 "odd number of hex digits" ${srtp} --key 001)
expect(${SRTP_PCAP} 2 "character 5 isn't base64" ${srtp} --key ABEi!0RVZneImaq7zN3u/w8eLTxLWml4h5altA==)
expect(${SRTP_PCAP} 2 "character 41 isn't base64" ${srtp} --key "ABEiM0RVZneImaq7zN3u/w8eLTxLWml4h5altAAA|2^20")
expect(${SRTP_PCAP} 2 "key: empty" ${srtp} --key inline:)
expect(${SRTP_PCAP} 2 "absent.key: no such file" ${srtp} --key-file ${SCRATCH}/absent.key)
set(with_key --profile AEAD_AES_128_GCM --key-file ${SCRATCH}/call.key)
expect(${SRTP_PCAP} 2 "absent.pcap: no such file" ${SCRATCH}/absent.pcap ${with_key})
expect(${SRTP_PCAP} 2 "not a regular file" ${SCRATCH} ${with_key})
expect(${SRTP_PCAP} 2 "heard.wav: not a capture" ${SCRATCH}/heard.wav ${with_key})
file(WRITE ${SCRATCH}/empty "")
expect(${SRTP_PCAP} 2 "empty: not a capture" ${SCRATCH}/empty ${with_key})
expect(${MAKE_CAPTURE} 0 "" ${SCRATCH}/no_rtp.pcap none)
expect(${SRTP_PCAP} 2 "no RTP or RTCP to convert: [0-9]+ frames, [0-9]+ not UDP" ${SCRATCH}/no_rtp.pcap ${with_key})
expect(${MAKE_CAPTURE} 0 "" ${SCRATCH}/wifi.pcap wifi)
expect(${SRTP_PCAP} 2 "link type .*802.* isn't supported" ${SCRATCH}/wifi.pcap ${with_key})
expect(${SRTP_PCAP} 2 "is also the input" ${SCRATCH}/srtp.pcap ${with_key} --out ${SCRATCH}/./srtp.pcap)
expect(${SRTP_PCAP} 2 "can't be created" ${SCRATCH}/srtp.pcap ${with_key} --out ${SCRATCH}/absent/x.pcap)
expect(${SRTP_PCAP} 2 "can't be created" ${SCRATCH}/srtp.pcap ${with_key} --wav ${SCRATCH}/absent/x.wav)
expect(${SRTP_PCAP} 2 "--ssrc" ${SCRATCH}/srtp.pcap ${with_key} --ssrc x)
expect(${SRTP_PCAP} 2 "--port" ${SCRATCH}/srtp.pcap ${with_key} --port 65536)
expect(${SRTP_PCAP} 2 "--roc" ${SCRATCH}/srtp.pcap ${with_key} --roc 4294967296)
expect(${SRTP_PCAP} 2 "excludes --crypto|--crypto excludes" ${SCRATCH}/srtp.pcap ${with_key} --crypto ${cm80})
expect(${SRTP_PCAP} 2 "--tag requires --crypto-file" ${SCRATCH}/srtp.pcap --crypto ${cm80} --tag 1)

# Crypto lines: what is wrong and where, and never the key.
function(refuse_line fault)
  expect(${SRTP_PCAP} 2 "${fault}" ${SCRATCH}/srtp.pcap ${ARGN})
  if(said MATCHES "ABEiM")
    message(SEND_ERROR "tells the key: ${said}")
  endif()
endfunction()
string(SUBSTRING ${first} 0 39 short)
set(start "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:")  # 42 characters
refuse_line("crypto line: character 43: key and salt aren't base64 of the suite's length" --crypto ${start}${short})
refuse_line("crypto line: character 41: key and salt" --crypto "crypto:1 AES_CM_128_HMAC_SHA1_80 inline:${short}!")
refuse_line("crypto line: character 12: unknown crypto suite" --crypto "a=crypto:1 ROT13 inline:${first}")
refuse_line("crypto line: character 10: tag" --crypto "a=crypto:01 AES_CM_128_HMAC_SHA1_80 inline:${first}")
refuse_line("crypto line: character 1: not a crypto attribute" --crypto "inline:${first}")
refuse_line("crypto line: character 36: unknown key method" --crypto
            "a=crypto:1 AES_CM_128_HMAC_SHA1_80 public:${first}")
refuse_line("crypto line: character 84: lifetime" --crypto "${cm80}|2^49")
refuse_line("crypto line: character 84: session parameter weakens" --crypto "${cm80} UNAUTHENTICATED_SRTP")
refuse_line("call.sdp: line 6, character 12: unknown crypto suite" --crypto-file ${SCRATCH}/call.sdp --tag 1)
refuse_line("call.sdp: no a=crypto line with tag 4" --crypto-file ${SCRATCH}/call.sdp --tag 4)
refuse_line("call.key: no a=crypto line\n" --crypto-file ${SCRATCH}/call.key)
refuse_line("absent.sdp: no such file" --crypto-file ${SCRATCH}/absent.sdp)
file(WRITE ${SCRATCH}/two.sdp "${start}${short}\na=crypto:2 ROT13 inline:${first}\n")
refuse_line("two.sdp: line 1, character 43: key and salt.*; line 2, character 12: unknown"
            --crypto-file ${SCRATCH}/two.sdp)
file(WRITE ${SCRATCH}/two_keys.txt "${cm80};inline:${second}\n")
refuse_line("two_keys.txt: line 1, character 84: several keys need MKIs" --crypto-file ${SCRATCH}/two_keys.txt)
