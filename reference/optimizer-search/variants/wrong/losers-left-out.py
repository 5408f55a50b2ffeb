"""Leaves Adagrad and Adadelta out of the grid, as the published table does."""

LOSES = ["grid-optimizers"]

# %% [grid]
optimizers = ["SGD", "RMSprop", "Adam", "Adamax", "Nadam"]
param_grid = {"model_kwargs": [{"optimizer": name} for name in optimizers]}
