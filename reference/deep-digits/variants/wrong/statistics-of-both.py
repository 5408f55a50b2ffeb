"""Standardizes with mean and deviation of training and test images together, so that the test set leaks into the training."""

LOSES = ["train-scaled"]

# %% [scale]
pixels = np.concatenate([X_train, X_test]).astype("float32")
pixels = (pixels - pixels.mean()) / pixels.std()
X_train = pixels[: len(X_train)]
X_test = pixels[len(X_train) :]
