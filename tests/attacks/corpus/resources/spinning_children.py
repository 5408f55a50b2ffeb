"""Lets forty children compute for ever, so that they stand in each other's way and in its own.

Gains: a cell that waits for a processor all the time, where waiting is not counted against its limit.
"""

HONEST = []

# %% [reshape]
import os

for _ in range(40):
    try:
        if os.fork() == 0:
            while True:
                pass
    except OSError:
        break
while True:
    pass
