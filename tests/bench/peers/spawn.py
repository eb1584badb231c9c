"""spawn.py WORK N [WRITER] - children made by one parent, with subprocess: true8,
true8_heap, true8_fds, exec, fork, read."""

import concurrent.futures
import json
import os
import subprocess
import sys
import time

from line_worker import Worker

work, n = sys.argv[1], int(sys.argv[2])


def spawn_true(_):
    null = subprocess.DEVNULL
    subprocess.run(["/bin/true"], stdin=null, stdout=null, stderr=null, check=True)


def true8():
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        began = time.monotonic()
        for _ in pool.map(spawn_true, range(n)):
            pass
        return n / (time.monotonic() - began)


def true8_heap():
    heap = [bytes([i % 256]) * 65536 for i in range(16384)]
    rate = true8()
    assert len(heap) == 16384
    return rate


def true8_fds():
    files = [os.open("/dev/null", os.O_RDONLY) for _ in range(10000)]
    rate = true8()
    assert len(files) == 10000
    return rate


def exec_echo():
    began = time.monotonic()
    for _ in range(n):
        assert subprocess.run("echo hi", shell=True, capture_output=True).stdout == b"hi\n"
    return n / (time.monotonic() - began)


def fork():
    began = time.monotonic()
    for _ in range(n):
        worker = Worker("once")
        worker.send({"n": 1})
        assert worker.receive() == {"n": 1}
        worker.end()
    return (time.monotonic() - began) / n * 1e3


def read():
    began, size = time.monotonic(), 0
    with subprocess.Popen([sys.argv[3], sys.argv[2]], stdout=subprocess.PIPE, bufsize=0) as child:
        buffer = bytearray(65536)
        while got := child.stdout.readinto(buffer):
            size += got
    assert size == n * 1000000
    return n / (time.monotonic() - began)


works = {"true8": true8, "true8_heap": true8_heap, "true8_fds": true8_fds, "exec": exec_echo,
         "fork": fork, "read": read}
print(json.dumps({"value": works[work]()}))
