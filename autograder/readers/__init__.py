"""Reads students' bytes in short-lived processes without student code, each limited by a budget.

A *step* is a plain function of ours, ``step(arguments, payload) -> JSON``, in a module that is named when `Readers` is
created. `Readers.run` executes it in a fork of one warm process and raises `ReadingError` where it exceeds its budget.
"""

from autograder.readers.budget import Budget
from autograder.readers.server import Readers

__all__ = ["Budget", "Readers"]
