"""Runs the command that follows the name of a report file, and writes what it took into that file.

A process is charged for the memory of the one that it was forked from, so that the benchmark, with NumPy in it, cannot
start what it measures. This file stays small: it is run alone, without the package.
"""

import json
import os
import sys
import time


def main() -> int:
    report, *command = sys.argv[1:]
    begin = time.perf_counter()
    child = os.posix_spawnp(command[0], command, os.environ)
    _, status, usage = os.wait4(child, 0)
    seconds = time.perf_counter() - begin
    with open(report, "w") as file:
        json.dump({"seconds": seconds, "peak_bytes": usage.ru_maxrss * 1024}, file)
    return os.waitstatus_to_exitcode(status)


sys.exit(main())
