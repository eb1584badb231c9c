# by_plumbum.py TEST [argument] - the works of tests/bench/shell.lua by plumbum, whose name a file
# beside it must not have.
import sys
import threading
import time

from plumbum import FG, local

test, argument = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else None


def run_true():
    local["true"]()


def pipe():
    print((local["head"]["-c", argument, "/dev/zero"] | local["wc"]["-c"])().strip())


def timeout():
    began, how = time.time(), "returned success"
    try:
        local["sh"]["-c", f"sleep {argument} & wait"].run(timeout=0.5)
    except Exception:
        how = "raised"
    print(f"{how} after {time.time() - began:.1f} s")


def cwd():
    seen = {}

    def where(path):
        with local.cwd(path):
            local["sleep"]("0.05")
            seen[path] = local["pwd"]().strip()

    threads = [threading.Thread(target=where, args=(path,)) for path in ("/usr", "/etc")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(seen["/usr"], seen["/etc"])


def wait():
    try:
        local["sleep"][argument] & FG
    finally:
        local["echo"]["cleaned up"] & FG


def stdout():
    print(local["readlink"]("/proc/self/fd/1").strip())


def missing():
    local["no-such-command"]("--now")


def lines():
    count = 0
    for _ in local["yes"][argument].popen():
        count += 1
        if count == 3:
            break
    print(f"went on after {count}")


{"true": run_true, "pipe": pipe, "timeout": timeout, "cwd": cwd, "wait": wait, "stdout": stdout,
 "missing": missing, "lines": lines}[test]()
