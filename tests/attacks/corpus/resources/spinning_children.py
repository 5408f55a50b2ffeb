"""Lets children compute for longer than its cell may, so that they stand in each other's way and in its own.

Gains: a cell that waits for a processor all the time, where waiting is not counted against its limit.
"""

HONEST = []

# %% [reshape]
import os
import time

end = time.monotonic() + 12
for _ in range(12):
    try:
        if os.fork() == 0:
            while time.monotonic() < end:
                pass
            os._exit(0)
    except OSError:
        break
while True:
    pass
