"""Standardizes each set with its own mean and deviation; the accuracy does not show it."""

LOSES = ["same-scale"]

# %% [reshape]
X_train = train_images.reshape(-1, 28, 28, 1)
X_test = test_images.reshape(-1, 28, 28, 1)
X_train = (X_train - X_train.mean()) / X_train.std()
X_test = (X_test - X_test.mean()) / X_test.std()
