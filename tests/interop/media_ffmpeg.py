# SPDX-License-Identifier: BSL-1.0
"""FFmpeg sends to Sotto, and receives from it."""
import re

from media_processes import expect_equal, free_ports


def ffmpeg_name(suite):
    # FFmpeg shortens SRTCP's tag too under the SDES name of the short suite, which RFC 4568 6.2 doesn't; under the name
    # of RFC 5764 it doesn't either.
    return "SRTP_AES128_CM_HMAC_SHA1_32" if suite == "AES_CM_128_HMAC_SHA1_32" else suite


def make_reference(options, processes):
    """The speech as FFmpeg encodes it, without RTP."""
    processes.run("reference", options.ffmpeg, "-v", "error", "-i", options.speech, "-c:a", "pcm_mulaw", "-ar", "8000",
                  "-f", "mulaw", "reference.ul")
    return processes.read("reference.ul")


def send(call, options, processes, port):
    """Sends the speech from FFmpeg to this port, RTCP too, and ends with a BYE. Its SDP is in ffmpeg.sdp then."""
    # The sequence number wraps on the way; 186 is 160 bytes of audio, 12 of header, and the room that FFmpeg leaves for
    # tags.
    said = processes.run("ffmpeg", options.ffmpeg, "-v", "verbose", "-i", options.speech, "-c:a", "pcm_mulaw",
                         "-ar", "8000", "-f", "rtp", "-seq", "65500", "-rtpflags", "send_bye",
                         "-sdp_file", "ffmpeg.sdp", "-srtp_out_suite", ffmpeg_name(call.suite),
                         "-srtp_out_params", call.inline,
                         f"srtp://127.0.0.1:{port}?rtcpport={port}&pkt_size=186")
    writes = [int(n) for n in re.findall(r"bytes written, .*?(\d+) writeouts", said)]
    print(f"FFmpeg sent: {max(writes, default=0)} datagrams")


def to_sotto(call, options, processes):
    reference = make_reference(options, processes)
    send(call, options, processes, call.listen())
    expect_equal("audio from FFmpeg", call.hang_up(), reference)


def from_sotto(call, options, processes):
    reference = make_reference(options, processes)
    for _ in range(3):  # in case another program takes the port between
        port = free_ports()[0]
        sdp = ("v=0\no=- 0 0 IN IP4 127.0.0.1\ns=-\nc=IN IP4 127.0.0.1\nt=0 0\n"
               f"m=audio {port} RTP/SAVP 0\na=crypto:1 {ffmpeg_name(call.suite)} inline:{call.inline}\n")
        with open(processes.path("call.sdp"), "w", encoding="ascii") as file:
            file.write(sdp)
        ffmpeg = processes.start("ffmpeg", options.ffmpeg, "-v", "verbose", "-y", "-protocol_whitelist",
                                 "file,crypto,udp,rtp,srtp", "-i", "call.sdp", "-c", "copy", "-f", "mulaw", "heard.ul")
        if processes.wait_until_bound("ffmpeg", ffmpeg, port):
            break
    # All to one port, so that the BYE, which ends FFmpeg, can't overtake the audio.
    call.send("reference.ul", port, port)
    processes.finish("ffmpeg", ffmpeg)
    for found in set(re.findall(r"(\d+) packets read", processes.said("ffmpeg"))):
        print(f"FFmpeg received: RTP {found}")
    expect_equal("audio heard by FFmpeg", processes.read("heard.ul"), reference)
