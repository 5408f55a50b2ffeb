"""Sorts the scores upwards and takes the first: the worst optimizer is called the best."""

LOSES = ["best-optimizer"]

# %% [best]
best_optimizer = sorted(table, key=lambda name: table[name][0])[0]
