"""Writes to files that it has removed already: no look into the folder shows them, and they stay while they are open.

Gains: the whole disk, where the limit is a count of what lies in a folder.
"""

HONEST = []
FLAGGED = True

# %% [reshape]
import os
import time

kept, written = [], 0
until = time.monotonic() + 3
while time.monotonic() < until and written < 400 << 20:
    try:
        file = open("hidden", "wb", buffering=0)
        os.unlink("hidden")
        kept.append(file)
        for _ in range(40):
            written += file.write(bytes(1 << 20))
    except OSError as error:
        print(error)
        break
print(written >> 20, "MB in", len(kept), "files")
time.sleep(1.5)
os._exit(3)
