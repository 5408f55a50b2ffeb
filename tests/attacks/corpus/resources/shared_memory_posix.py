"""Fills the folder of POSIX shared memory and leaves it full.

Gains: memory that outlives the process and that no one frees.
"""

HONEST = []

# %% [reshape]
import multiprocessing.shared_memory
import os

written = 0
for number in range(200):
    try:
        with open(f"/dev/shm/left-{number}", "wb") as file:
            for _ in range(64):
                written += file.write(bytes(1 << 20))
                file.flush()
    except OSError as error:
        print(written, error)
        break
try:
    kept = multiprocessing.shared_memory.SharedMemory("left-behind", create=True, size=1 << 24)
    kept.buf[:1 << 24] = bytes(1 << 24)
except (OSError, ValueError) as error:
    print(error)
os._exit(0)
