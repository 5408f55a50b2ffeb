"""Stores every number that could be the answer under the name of the answer.

Gains: the point of a number, if any of several counted.
"""
HONEST = []

# %% [parameters]
parameters = list(range(20_000))
