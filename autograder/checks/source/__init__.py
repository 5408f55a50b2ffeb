"""Finds mistakes in hidden checks without running them: unknown assertions, settings, names, missing declarations."""

from autograder.checks.source.declared import Declared
from autograder.checks.source.mistakes import mistakes

__all__ = ["Declared", "mistakes"]
