# SPDX-License-Identifier: BSL-1.0
"""Wireshark's dumpcap records FFmpeg's SRTP, srtp_pcap opens the recording, and tshark reads what it wrote."""
import re
import signal
import struct
import wave

import media_ffmpeg
from media_processes import Failure, expect_equal

PACKET_BLOCK = 6


def count_packets(capture):
    """Of a pcapng file that may still grow: blocks begin with their type and length."""
    at = count = 0
    while at + 8 <= len(capture):
        kind, length = struct.unpack_from("=II", capture, at)
        if length < 12 or at + length > len(capture):
            break
        count += kind == PACKET_BLOCK
        at += length
    return count


def mu_law(code):
    """The sample that a byte of G.711 stands for."""
    bits = ~code & 0xff
    magnitude = (((bits & 0x0f) << 3) + 132 << (bits >> 4 & 7)) - 132
    return -magnitude if bits & 0x80 else magnitude


def capture(call, options, processes):
    port = call.listen()
    try:
        dumpcap = processes.start("dumpcap", options.dumpcap, "-i", "lo", "-f", f"udp port {port}", "-w", "call.pcapng")
    except PermissionError as refusal:
        print(f"SKIPPED: {refusal}")
        return
    reference = media_ffmpeg.make_reference(options, processes)
    processes.wait(lambda: "File:" in processes.said("dumpcap") or dumpcap.poll() is not None, "dumpcap to begin")
    said = " ".join(processes.said("dumpcap").split())
    if dumpcap.poll() is not None:
        if not re.search("permi|interface", said):
            raise Failure(f"dumpcap: {said}")
        print(f"SKIPPED: dumpcap can't record the loopback interface here: {said[:250]}")
        return

    media_ffmpeg.send(call, options, processes, port)
    expect_equal("audio from FFmpeg", call.hang_up(), reference)
    counts = re.search(r"RTP (\d+) accepted.*RTCP (\d+) accepted", processes.said("receiver"))
    rtp, rtcp = int(counts[1]), int(counts[2])
    processes.wait(lambda: count_packets(processes.read("call.pcapng")) >= rtp + rtcp, "dumpcap to write all packets")
    dumpcap.send_signal(signal.SIGINT)
    processes.finish("dumpcap", dumpcap)

    said = processes.run("srtp_pcap", *options.srtp_pcap, "call.pcapng", "--crypto-file", "ffmpeg.sdp",
                         "--wav", "heard.wav", "--out", "rtp.pcap", "--port", port)
    print(said, end="")
    if f"\nRTP: {rtp} accepted\nRTCP: {rtcp} accepted\n" not in said:
        raise Failure("srtp_pcap didn't accept what the receiver did")

    with wave.open(processes.path("heard.wav")) as heard:
        samples = heard.readframes(heard.getnframes())
    expect_equal("audio in srtp_pcap's WAV", samples, b"".join(struct.pack("<h", mu_law(code)) for code in reference))

    fields = processes.run("tshark", options.tshark, "-n", "-r", "rtp.pcap", "-d", f"udp.port=={port},rtp",
                           "-Y", "rtp", "-T", "fields", "-e", "rtp.payload")
    payload = "".join(re.findall(r"^[0-9a-f:]+$", fields, re.M)).replace(":", "")
    expect_equal("audio that tshark reads", bytes.fromhex(payload), reference)
