"""Where students' bytes are read: short-lived processes without student code, each with a budget that ends it.

A *step* is a plain function of ours, ``step(arguments, payload) -> JSON``, in a module that is named when `Readers` is
made. `Readers.run` has a fork of one warm process do it and raises `ReadingError` where a budget runs out.
"""

from autograder.readers.budget import Budget
from autograder.readers.server import Readers

__all__ = ["Budget", "Readers"]
