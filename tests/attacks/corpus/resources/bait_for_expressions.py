"""Prints colours that never end, backspaces and returns, and raises an error whose text baits regular expressions.

Gains: a page whose patterns look for an end again from every character.
"""

HONEST = []

# %% [reshape]
from IPython.display import Markdown, display

print("\x1b[" * 200_000)
print("\x1b]0;" * 200_000)
print("a\b" * 200_000 + "ab\r" * 200_000)
display(Markdown("**a*" * 100_000))
display(Markdown("[a](" * 100_000))

# %% [one-hot]
raise ValueError("Could not interpret loss identifier: " + "a " * 100_000 + "`" * 100_000 + "keras.layers." * 10_000)
