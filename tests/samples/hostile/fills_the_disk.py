"""Writes as many files, and as large ones, as it can."""

LOSES = ["one-hot"]

# %% [one-hot]
import os

written = 0
for number in range(100_000):
    try:
        with open(f".out/file-{number}", "wb") as file:
            if number < 300:
                written += file.write(bytes(1 << 20))
    except OSError:
        break
print(written, "bytes")
Y_train = Y_test = None
