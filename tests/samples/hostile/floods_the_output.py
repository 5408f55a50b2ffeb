"""Prints more than anyone can read, to every stream that it finds."""

LOSES = ["one-hot"]

# %% [one-hot]
import os
import sys

line = "flood " * 10_000
for _ in range(2_000):
    print(line)
    print(line, file=sys.stderr)
for descriptor in (1, 2):
    try:
        for _ in range(200):
            os.write(descriptor, line.encode())
    except OSError:
        pass
