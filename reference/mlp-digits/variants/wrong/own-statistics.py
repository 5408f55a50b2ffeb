"""Standardizes the test images with their own mean and deviation, so that the two sets lie on different scales."""

LOSES = ["test-uses-training-statistics"]

# %% [standardize]
X_train = (X_train - X_train.mean()) / X_train.std()
X_test = (X_test - X_test.mean()) / X_test.std()
