"""Sends progress messages as fast as it can for two seconds, in which no other lane should wait.

Gains: a supervisor that only reads messages, so that deadlines pass unseen and neighbours starve.
"""

# %% [reshape]
import os
import time

end = time.monotonic() + 2
while time.monotonic() < end:
    for descriptor in (3, 4, 5, 6):
        try:
            os.write(descriptor, b'{"cell": 3}')
        except OSError:
            continue
