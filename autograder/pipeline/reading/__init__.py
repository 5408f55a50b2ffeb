"""Steps that read what students wrote, in separate processes with budgets."""

from autograder.pipeline.reading.budgets import read, readers

__all__ = [
    "read",
    "readers",
]
