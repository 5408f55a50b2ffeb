"""Tells the supervisor of an exception whose text is half of a surrogate pair, which can be written into no file.

Gains: an error of the grader in place of a result, at every command again; a batch that ends with exit code 5.
"""
FLAGGED = True

# %% [reshape]
import gc
import os

turns = next(found for found in gc.get_objects() if type(found).__name__ == "RunnerTurns")
turns.end({"status": "error", "error": "\ud800 boom", "execution_count": 1, "seconds": float("nan")})
os._exit(0)
