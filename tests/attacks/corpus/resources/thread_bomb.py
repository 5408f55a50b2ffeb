"""Starts threads until the kernel refuses, lets them sleep, and starts programs as well.

Gains: every process number of the user, so that the grader's own forks fail.
"""

HONEST = []

# %% [reshape]
import subprocess
import threading

started = []
try:
    while len(started) < 100_000:
        one = threading.Thread(target=threading.Event().wait, args=(3,), daemon=True)
        one.start()
        started.append(one)
except (RuntimeError, MemoryError) as error:
    print(len(started), "threads, then", error)
try:
    print(subprocess.run(["true"]))
except OSError as error:
    print(error)
