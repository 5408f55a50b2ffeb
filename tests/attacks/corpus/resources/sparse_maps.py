"""Maps files that are larger than any disk, with holes instead of data, and touches pages here and there.

Gains: a reader that believes the size fills the disk or the memory.
"""

HONEST = []

# %% [reshape]
import mmap
import os

for size in (1 << 46, 1 << 40, 1 << 34, 1 << 26):
    try:
        with open(f".out/sparse-{size}.npz", "wb") as file:
            file.truncate(size)
    except OSError as error:
        print(size, error)
for name in os.listdir(".out"):
    if name.startswith("sparse"):
        with open(f".out/{name}", "r+b") as file:
            try:
                with mmap.mmap(file.fileno(), 0) as view:
                    for place in range(0, min(len(view), 1 << 30), 1 << 20):
                        view[place] = 1
            except (OSError, ValueError) as error:
                print(name, error)
