# A whole call in one profile: both ends negotiate it, verify one another, and count what arrived. Arguments: DTLS_SRTP,
# PROFILE, SCRATCH.
include(${CMAKE_CURRENT_LIST_DIR}/../examples/expect.cmake)

expect(${DTLS_SRTP} 0 "Both ends got everything, bit for bit" --profile ${PROFILE})
foreach(end IN ITEMS client server)
  foreach(line IN ITEMS "DTLSv1.2 with ECDHE-ECDSA-" "fingerprint verified: sha-256 [0-9A-F:]+"
                        "negotiated profile ${PROFILE}, kernel " "keys: provenance DTLS"
                        "sent 1000 RTP and 100 RTCP packets"
                        "received 1000 of 1000 RTP and 100 of 100 RTCP packets, 0 not as sent. refused 0"
                        "1000 SRTP, 100 SRTCP, 4 STUN, 0 other datagrams. 2 of 2 STUN requests answered")
    # "." stands for ";", which would end a list's element.
    if(NOT "${said}" MATCHES "${end}: [^\n]*${line}")
      message(SEND_ERROR "the ${end} didn't say \"${line}\", but:\n${said}")
    endif()
  endforeach()
endforeach()

# Forged and replayed packets are refused, and nothing else is.
expect(${DTLS_SRTP} 0 "Both ends got everything" --profile ${PROFILE} --attack --packets 91)
foreach(end IN ITEMS client server)
  if(NOT said MATCHES "${end}: received 91 of 91 RTP and 10 of 10 RTCP packets, 0 [^\n]* refused 20: 10 forged, 10 replayed")
    message(SEND_ERROR "the ${end} refused otherwise:\n${said}")
  endif()
endforeach()

# One packet; and so many that the sequence number wraps twice, which the receiver has to follow.
expect(${DTLS_SRTP} 0 "received 1 of 1 RTP and 1 of 1 RTCP.*Both ends got everything" --profile ${PROFILE} --packets 1)
expect(${DTLS_SRTP} 0 "received 66100 of 66100 RTP.*Both ends got everything" --profile ${PROFILE} --packets 66100)
