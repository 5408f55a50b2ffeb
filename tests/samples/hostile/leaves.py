"""`os._exit(0)` in the middle: a clean exit is no finished notebook."""

LOSES = ["fit-layers", "fit-training", "fit-accuracy", "evaluation"]

# %% [fit]
import os

os._exit(0)
