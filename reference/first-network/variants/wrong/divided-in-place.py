"""Divides the whole numbers in place, which NumPy refuses: the error leaves the arrays as they were."""

LOSES = ["scale-float32", "training-scaled", "test-scaled"]

# %% [scale]
X_train /= 255
X_test /= 255
