"""memory.py N - the memory of a worker that has answered a message and is idle: the mean of N, in
kB."""

import json
import re
import sys

from line_worker import Worker

n = int(sys.argv[1])

workers = [Worker("echo") for _ in range(n)]
for worker in workers:
    worker.send({"n": 1})
for worker in workers:
    worker.receive()
pss, private = 0, 0
for worker in workers:
    with open(f"/proc/{worker.process.pid}/smaps_rollup") as file:
        text = file.read()
    pss += int(re.search(r"Pss:\s*(\d+)", text)[1])
    private += int(re.search(r"Private_Dirty:\s*(\d+)", text)[1])
for worker in workers:
    worker.end()
print(json.dumps({"value": pss / n, "private": private / n}))
