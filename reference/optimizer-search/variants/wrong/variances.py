"""Squares the deviations, which are square roots of variances already."""

LOSES = ["table-deviations"]

# %% [table]
table = {}
for entry, mean, deviation in zip(param_grid["model_kwargs"], mean_scores, score_deviations):
    table[entry["optimizer"]] = (mean, deviation**2)
