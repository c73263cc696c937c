# SPDX-License-Identifier: BSL-1.0
"""Programs that tests start: logged, waited for with a limit, and ended whatever happens."""
import os
import signal
import socket
import subprocess
import sys
import time


class Failure(Exception):
    """A test that failed; its text says why."""


def expect_equal(what, got, wanted):
    if not wanted or got != wanted:
        same = len(os.path.commonprefix([got, wanted]))
        raise Failure(f"{what}: {len(got)} bytes instead of {len(wanted)}, the first {same} equal")
    print(f"{what}: {len(got)} bytes, all equal")


class Processes:
    """Use it with `with`: no process outlives the block."""

    def __init__(self, scratch, limit):
        self.scratch = scratch
        self.deadline = time.monotonic() + limit
        self.started = []
        # ctest and shells end tests by this signal, after which Python would leave its children behind.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        for _, process in self.started:
            if process.poll() is None:
                process.kill()
            process.wait()
        if kind is not None:
            for name, _ in self.started:
                print(f"--- {name}:\n{self.said(name)}")

    def start(self, name, *argv):
        """Starts a program with its output in a file of this name; input stays open until close_input."""
        with open(self.path(name + ".log"), "wb") as log:
            process = subprocess.Popen([str(a) for a in argv], stdin=subprocess.PIPE, stdout=log,
                                       stderr=subprocess.STDOUT, cwd=self.scratch)
        self.started.append((name, process))
        return process

    def run(self, name, *argv, code=0):
        """Runs a program to its end and returns what it said."""
        process = self.start(name, *argv)
        process.stdin.close()
        self.finish(name, process, code)
        return self.said(name)

    def finish(self, name, process, code=0):
        self.wait(lambda: process.poll() is not None, f"{name} to end")
        if process.returncode != code:
            raise Failure(f"{name} ended with {process.returncode}, not {code}")

    def wait(self, condition, what):
        """The first true value of the condition."""
        while True:
            value = condition()
            if value:
                return value
            if time.monotonic() > self.deadline:
                raise Failure(f"waited too long for {what}")
            time.sleep(0.01)

    def said(self, name):
        with open(self.path(name + ".log"), encoding="utf-8", errors="replace") as log:
            return log.read()

    def path(self, name):
        return os.path.join(self.scratch, name)

    def read(self, name):
        try:
            with open(self.path(name), "rb") as file:
                return file.read()
        except FileNotFoundError:
            return b""

    def wait_until_bound(self, name, process, port):
        """False if the program ended instead, as it does where another took the port meanwhile."""
        table = "/proc/net/udp"
        if not os.path.exists(table):
            time.sleep(2)  # other systems don't tell
            return process.poll() is None

        def bound():
            with open(table, encoding="ascii") as sockets:
                return any(line.split()[1].endswith(f":{port:04X}") for line in sockets)

        self.wait(lambda: bound() or process.poll() is not None, f"{name} to bind port {port}")
        return process.poll() is None


def free_ports():
    """An even port, and the one above it, which RTP's rules give to RTCP (RFC 3550 11)."""
    while True:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as rtp, \
                socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as rtcp:
            rtp.bind(("127.0.0.1", 0))
            port = rtp.getsockname()[1]
            try:
                rtcp.bind(("127.0.0.1", port + 1))
            except (OSError, OverflowError):
                continue
            if port % 2 == 0:
                return port, port + 1
