"""Divides without casting: NumPy then makes float64 of whole numbers."""

LOSES = ["float32"]

# %% [scale]
X_train = X_train / 255
X_test = X_test / 255
