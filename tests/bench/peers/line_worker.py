"""line_worker.py - a worker in Python, with JSON lines over a socketpair."""

import json
import os
import socket
import subprocess
import sys

encode = json.JSONEncoder(separators=(",", ":")).encode  # the bytes of everybody
script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "channel_worker.py")


class Worker:
    def __init__(self, mode, n=0):
        self.sock, other = socket.socketpair()
        self.process = subprocess.Popen(
            [sys.executable, script, str(other.fileno()), mode, str(n)],
            pass_fds=[other.fileno()])
        other.close()
        self.lines = self.sock.makefile("rb")

    def send(self, message):
        self.sock.sendall(encode(message).encode() + b"\n")

    def receive(self):
        return json.loads(self.lines.readline())

    def end(self):
        self.sock.shutdown(socket.SHUT_WR)
        self.process.wait()
