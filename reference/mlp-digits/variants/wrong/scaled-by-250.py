"""Divides by 250, a slip for 255: the values pass a glance, and the accuracy does not show it."""

LOSES = ["train-standardized", "test-uses-training-statistics"]

# %% [standardize]
X_train = X_train / 250
X_test = X_test / 250
