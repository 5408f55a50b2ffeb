"""Lowers `EPOCHS` to try things out quickly and forgets it: the public checks compare with the lowered number and pass."""

LOSES = ["relu-ten-training", "relu-ten-accuracy", "dropout-training", "dropout-accuracy"]

# %% [relu-ten] before
EPOCHS = 1
