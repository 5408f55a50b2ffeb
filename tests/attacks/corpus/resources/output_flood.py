"""Prints without end: text, figures, errors, raw bytes on the descriptors, and messages on the progress channel.

Gains: a full disk, a grader out of memory, or a feedback page that no browser opens.
"""

HONEST = []

# %% [reshape]
import os
import sys

from IPython.display import HTML, clear_output, display

line = "flood " * 20_000
for number in range(300):
    print(line)
    print(line, file=sys.stderr)
    display(HTML(f"<b>{line}</b>"))
for descriptor in (1, 2, 3, 4, 5, 6):
    try:
        os.set_blocking(descriptor, False)
        for _ in range(2000):
            os.write(descriptor, b'{"cell": 7}' * 300)
    except OSError:
        pass
clear_output()

# %% [one-hot]
raise ValueError("x" * 10_000_000)
