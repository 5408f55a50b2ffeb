"""Prints the numbers of the last epoch instead of drawing curves."""

LOSES = ["curves", "labels"]

# %% [plots]
print("accuracy", relu_ten_history.history["accuracy"][-1], dropout_history.history["accuracy"][-1])
print("loss", relu_ten_history.history["loss"][-1], dropout_history.history["loss"][-1])
