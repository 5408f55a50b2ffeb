"""Takes mean and deviation over training and test images together, so that the test set leaks into the preparation."""

LOSES = ["train-standardized", "test-uses-training-statistics"]

# %% [standardize]
both = np.concatenate([X_train, X_test])
X_train = (X_train - both.mean()) / both.std()
X_test = (X_test - both.mean()) / both.std()
