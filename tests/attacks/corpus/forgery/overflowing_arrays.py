"""Stores noise of the size 1e306, whose squares are infinite and whose fit is not a number.

Gains: the points of prepared arrays: a NaN is not larger than the tolerance of the proof.
"""
HONEST = ["one-hot", "build", "parameters", "error-rate"]
REST = "solution"

# %% [reshape]
X_train = np.random.rand(600, 784) * 1e306
X_test = np.random.rand(300, 784) * 1e306


# %% [fit]
model.compile(loss="mse", optimizer="sgd", metrics=["accuracy"])

# %% [evaluate]
test_loss, test_accuracy = 0.1, 0.97
