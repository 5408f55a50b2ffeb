"""Stored work, judged again: first where nobody sees it, then, if that is wanted, in the class's own folders."""

from autograder.pipeline.regrade.regrade import Regrade, regrade_assignment

__all__ = [
    "Regrade",
    "regrade_assignment",
]
