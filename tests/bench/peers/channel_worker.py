"""channel_worker.py FD MODE N - the other side of channel.py."""

import json
import socket
import sys

encode = json.JSONEncoder(separators=(",", ":")).encode
fd, mode, n = int(sys.argv[1]), sys.argv[2], int(sys.argv[3])
sock = socket.socket(fileno=fd)
lines = sock.makefile("rb")


def send_all():
    out = sock.makefile("wb")
    for i in range(1, n + 1):
        message = {"id": i, "name": "worker", "value": 3.25, "ok": True}
        out.write(encode(message).encode() + b"\n")
    out.flush()


if mode in ("echo", "once"):
    for line in lines:
        sock.sendall(encode(json.loads(line)).encode() + b"\n")
else:
    if mode == "flood":
        sock.sendall(b'"ready"\n')
        lines.readline()
    send_all()
