"""Sorts the names but not the scores, so that nearly every row of the table belongs to another optimizer."""

LOSES = ["table-means", "table-deviations"]

# %% [table]
table = {name: pair for name, *pair in zip(sorted(optimizers), mean_scores, score_deviations)}
