# SPDX-License-Identifier: BSL-1.0
"""Calls between Sotto's udp_peer and media tools on 127.0.0.1, their audio compared byte for byte.

media_peers.py TEST SUITE --scratch FOLDER --speech WAV --udp-peer PROGRAM --ffmpeg PROGRAM ...
"""
import argparse
import base64
import hashlib
import os
import re
import shutil
import sys

import media_capture
import media_ffmpeg
import media_gstreamer
from media_processes import Failure, Processes

# Bytes of key and salt (RFC 4568 6.2, RFC 6188 8.2, RFC 7714 14.1).
SUITES = {
    "AES_CM_128_HMAC_SHA1_80": 30,
    "AES_CM_128_HMAC_SHA1_32": 30,
    "AES_256_CM_HMAC_SHA1_80": 46,
    "AEAD_AES_128_GCM": 28,
    "AEAD_AES_256_GCM": 44,
}
TESTS = {
    "ffmpeg-to-sotto": media_ffmpeg.to_sotto,
    "ffmpeg-from-sotto": media_ffmpeg.from_sotto,
    "gstreamer-to-sotto": media_gstreamer.to_sotto,
    "gstreamer-from-sotto": media_gstreamer.from_sotto,
    "capture": media_capture.capture,
}


class Call:
    """The Sotto end of a call, and what both ends agreed on."""

    def __init__(self, options, processes):
        self.options = options
        self.processes = processes
        self.suite = options.suite
        # Any key will do, as long as a failure can be repeated.
        self.key = hashlib.sha512(f"{options.test} {self.suite}".encode()).digest()[:SUITES[self.suite]]
        self.inline = base64.b64encode(self.key).decode()
        self.mki = b"\x00\x4d\x4b\x49" if options.mki else b""
        mki = f"|{int.from_bytes(self.mki, 'big')}:{len(self.mki)}" if options.mki else ""
        self.line = f"a=crypto:1 {self.suite} inline:{self.inline}{mki}"

    def listen(self):
        """Starts our receiver and returns its port."""
        self.listener = self.processes.start("receiver", *self.options.udp_peer, "receive", self.line, "received.ul")
        found = self.processes.wait(lambda: re.search(r"^port (\d+)$", self.processes.said("receiver"), re.M),
                                    "our receiver's port")
        return int(found[1])

    def hang_up(self):
        """After the sender's end: lets our receiver read what is left, and returns the audio."""
        self.listener.stdin.close()
        self.processes.finish("our receiver", self.listener)
        print(self.processes.said("receiver"), end="")
        return self.processes.read("received.ul")

    def send(self, audio, rtp_port, rtcp_port):
        """Sends raw mu-law from a file; the RTCP that goes with it, unprotected, is in rtcp.sent then."""
        print(self.processes.run("sender", *self.options.udp_peer, "send", self.line, audio, rtp_port, rtcp_port,
                                 "rtcp.sent"), end="")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("test", choices=TESTS)
    parser.add_argument("suite", choices=SUITES)
    parser.add_argument("--mki", action="store_true", help="with a master key identifier")
    for name in ("udp-peer", "srtp-pcap"):
        parser.add_argument("--" + name, action="append", help="given several times: an emulator, then the program")
    for name in ("scratch", "speech", "ffmpeg", "gst-launch", "tshark", "dumpcap"):
        parser.add_argument("--" + name)
    options = parser.parse_args()
    shutil.rmtree(options.scratch, ignore_errors=True)
    os.makedirs(options.scratch)
    try:
        with Processes(options.scratch, limit=18) as processes:
            TESTS[options.test](Call(options, processes), options, processes)
    except Failure as failure:
        print(f"FAILED: {failure}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
