"""Matches a regular expression that takes time exponential in its text, where the interpreter never looks at signals.

Gains: a core for the rest of the day.
"""

HONEST = []

# %% [reshape]
import re

re.match(r"(?:a|a)*(?:a|aa)*(?:(a+)+)+$", "a" * 60 + "b")
