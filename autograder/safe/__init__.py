"""What people open carries no active content: the one place where students' notebooks are made harmless. Pure."""

from autograder.safe.plain_text import plain_words, without_joiners
from autograder.safe.safe_notebook import safe_notebook

__all__ = ["plain_words", "safe_notebook", "without_joiners"]
