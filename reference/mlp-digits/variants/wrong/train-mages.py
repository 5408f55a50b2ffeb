"""Stores the standardized training images under a misspelt name, so that only the test set is scaled.

The ReLU networks then learn from raw pixels and diverge: on real MNIST their weights become NaN. The task goes on from the
reference's arrays, so that this costs the points of the scaling step and not those of every accuracy after it.
"""

LOSES = ["train-standardized"]

# %% [standardize]
train_mean = X_train.mean()
train_deviation = X_train.std()
train_mages = (X_train - train_mean) / train_deviation
X_test = (X_test - train_mean) / train_deviation
