# The forwarding server's options, its checks, and what it refuses. Arguments: SFU, SCRATCH, EMULATOR.
include(${CMAKE_CURRENT_LIST_DIR}/expect.cmake)
set(good "The server routed the call and heard nothing of it")

foreach(suite RANGE 1 5)
  expect(${SFU} 0 "frames unchanged through the server: ([0-9]+) of .*${good}" --suite ${suite})
endforeach()
expect(${SFU} 0 "120 packets to the server, 0 lost; 240 sent on, 0 left out.*accepted by SRTP and SFrame: 240 of 240.*${good}"
       --participants 3 --packets 40 --loss 0 --left-out 0)
expect(${SFU} 0 "room for 15, and sends on 3 to each.*heard after that: 16 of 16.*${good}" --participants 5 --packets 300 --loss 50 --left-out 50)
# The counter's encoding grows, and with it the frame: the packets' length doesn't.
expect(${SFU} 0 "lengths of the packets that the server sent: 1\n.*${good}" --packets 400)
expect(${SFU} 0 "${good}" --packets 400 --padded-to 0)
if(said MATCHES "lengths of the packets")
  message(SEND_ERROR "nothing was padded, so there was nothing to check")
endif()
# Nothing arrives: nothing to compare is no success.
expect(${SFU} 1 "FAILED accepted by SRTP and SFrame: 0 of 0" --loss 100)
expect(${SFU} 1 "FAILED accepted by SRTP and SFrame: 0 of 0" --left-out 100)

expect(${SFU} 2 "--participants" --participants 6)
expect(${SFU} 2 "--suite" --suite 6)
expect(${SFU} 2 "--padded-to" --padded-to 100)
expect(${SFU} 2 "--loss" --loss 101)
expect(${SFU} 2 "--nonsense" --nonsense)
expect(${SFU} 2 "absent.wav: no such file" --wav-in ${SCRATCH}/absent.wav)
