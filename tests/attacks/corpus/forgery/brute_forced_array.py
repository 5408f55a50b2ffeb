"""Stores the answer as an array of all numbers, a text of them and a dict, one in the other.

Gains: the point of a number, if a container were searched for it.
"""
HONEST = []

# %% [parameters]
parameters = {"parameters": np.arange(20_000), "text": " ".join(map(str, range(20_000))), "more": [range(20_000)]}
parameters = [parameters, np.arange(20_000.0), (np.arange(20_000)[:, None],)]
