"""Finds mistakes in hidden checks without running them: unknown assertions, settings, names, missing declarations."""

from autograder.checks.source.check_mistakes import mistakes
from autograder.checks.source.declared import Declared

__all__ = ["Declared", "mistakes"]
