"""Steps that read what students wrote, in processes of their own and under budgets."""

from autograder.pipeline.reading.budgets import read, readers

__all__ = [
    "read",
    "readers",
]
