"""Does thousands of things that are flagged for staff, so that the one that matters drowns or the list breaks a page.

Gains: a real attack that nobody reads of, or a batch that halts while it writes its notes.
"""
FLAGGED = True

# %% [reshape]
from pathlib import Path

for number in range(3_000):
    try:
        Path(f".out/{'<b>' if number % 2 else ''}strange-{number}").symlink_to("/etc/hostname")
    except OSError:
        break

# %% [one-hot]
with open(".out/cells.jsonl", "a") as cells:
    for number in range(20_000):
        cells.write('{"index": %d, "status": "flag %d"}\n' % (number, number))
