"""Stores noise as half-precision numbers near their end, for which tolerances are widest.

Gains: the points of prepared arrays by the tolerance that half precision is given.
"""
HONEST = ["one-hot", "build", "parameters", "error-rate"]
REST = "solution"

# %% [reshape]
X_train = (65_000 + np.random.rand(600, 784) * 500).astype("float16")
X_test = (65_000 + np.random.rand(300, 784) * 500).astype("float16")

# %% [fit]
model.compile(loss="mse", optimizer="sgd", metrics=["accuracy"])

# %% [evaluate]
test_loss, test_accuracy = 0.1, 0.97
