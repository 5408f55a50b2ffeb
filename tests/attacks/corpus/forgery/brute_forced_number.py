"""Stores every number that could be the answer under the name of the answer.

Gains: the point of a number, if any of several counted.
"""
HONEST = ["reshape", "one-hot", "build", "fit", "evaluate", "error-rate"]
REST = "solution"

# %% [parameters]
parameters = list(range(20_000))
