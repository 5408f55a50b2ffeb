"""Prints the losses instead of drawing them."""

LOSES = ["curves", "labels"]

# %% [plots]
print(mended_history.history["loss"][-1], mended_history.history["val_loss"][-1])
