"""Standardizes with one mean and deviation over training and test images together: the test set leaks into training."""

LOSES = ["training-scaled", "test-scaled"]

# %% [scale]
everything = np.concatenate([X_train, X_test])
X_train = ((X_train - everything.mean()) / everything.std()).astype("float32")
X_test = ((X_test - everything.mean()) / everything.std()).astype("float32")
