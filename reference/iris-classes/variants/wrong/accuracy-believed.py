"""Looks at the accuracy alone, which is high and hardly moves, and calls it a good fit."""

LOSES = ["diagnosis"]

# %% [read-curves]
turning_epoch = recorded["epoch"][np.argmin(recorded["val_loss"])]
final_gap = recorded["val_loss"][-1] - recorded["loss"][-1]
diagnosis = "good fit"
