"""Stores the standardized training images under a misspelt name, so that only the test set is scaled.

The ReLU networks then learn from raw pixels and diverge: on true MNIST their weights become NaN.
"""

LOSES = ["train-standardized", "relu-accuracy", "relu-ten-accuracy", "dropout-accuracy"]

# %% [standardize]
train_mean = X_train.mean()
train_deviation = X_train.std()
train_mages = (X_train - train_mean) / train_deviation
X_test = (X_test - train_mean) / train_deviation
