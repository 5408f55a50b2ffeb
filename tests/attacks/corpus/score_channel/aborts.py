"""Aborts by a signal that would write a core file.

Gains: a core file on the grader with what was in memory, or a new attempt.
"""

# %% [reshape]
import os

os.abort()
