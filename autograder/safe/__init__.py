"""Removes active content from what people open: the only place where students' notebooks are made harmless. Pure."""

from autograder.safe.clean import safe_notebook
from autograder.safe.plain_text import plain_words, without_joiners

__all__ = ["plain_words", "safe_notebook", "without_joiners"]
