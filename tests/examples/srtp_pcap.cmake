# Captures there and back, and what srtp_pcap refuses. Arguments: SRTP_PCAP, MAKE_CAPTURE, CALL, SPEECH, SCRATCH, EMULATOR.
include(${CMAKE_CURRENT_LIST_DIR}/expect.cmake)

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
