"""Standardizes with mean and deviation of training and test images together, so that the test set leaks into the training."""

LOSES = ["train-scaled"]

# %% [scale]
pixels = np.concatenate([train_images, test_images]).astype("float32")
pixels = (pixels - pixels.mean()) / pixels.std()
X_train = pixels[: len(train_images)]
X_test = pixels[len(train_images) :]
