"""channel.py WORK N - JSON lines over a socketpair between a parent and a worker: pingpong, flood,
echo_object, echo_string, loss."""

import json
import sys
import time

from line_worker import Worker, encode

work, n = sys.argv[1], int(sys.argv[2])


def round_trips(worker, message, count):
    began = time.monotonic()
    for _ in range(count):
        worker.send(message)
        worker.receive()
    return time.monotonic() - began


def timed(message, warm_up):
    worker = Worker("echo", n)
    round_trips(worker, message, warm_up)
    seconds = round_trips(worker, message, n)
    worker.end()
    return seconds


def pingpong():
    return {"value": n / timed({"n": 1}, n // 10)}


def echo(message):
    return {"value": len(encode(message)) * n / timed(message, 1) / 1e6}


def echo_object():
    return echo({"items": [
        {"id": i, "name": f"item {i}", "price": i * 0.25 + 0.125, "active": i % 2 == 0,
         "tags": ["red", "green", "blue"], "pos": {"x": i % 100, "y": i % 7}}
        for i in range(1, 36001)]})


def echo_string():
    return echo("abcdefghijklmnopqrstuvwxyz012345 " * (4000000 // 33))


def count_of(worker):
    got = 0
    for line in worker.lines:
        json.loads(line)
        got += 1
        if got == n:
            break
    return got


def flood():
    worker = Worker("flood", n)
    assert worker.receive() == "ready"
    began = time.monotonic()
    worker.send("go")
    got = count_of(worker)
    seconds = time.monotonic() - began
    worker.end()
    return {"value": got / seconds, "lost": n - got, "sent": n}


def loss():
    worker = Worker("loss", n)
    got = count_of(worker)
    worker.end()
    return {"value": got, "lost": n - got, "sent": n}


works = {"pingpong": pingpong, "flood": flood, "echo_object": echo_object,
         "echo_string": echo_string, "loss": loss, "loss_exit": loss}
print(json.dumps(works[work]()))
