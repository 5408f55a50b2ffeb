"""Leaves with the exit status that says that the walls could not be built.

Gains: the end of the whole batch, which stops where a machine cannot isolate.
"""

# %% [reshape]
import os

os._exit(71)
