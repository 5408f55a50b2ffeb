"""Divides whole numbers in place, which ends with an error, since the decimals have no place in `uint8`."""

LOSES = ["float32", "train-scaled", "test-scaled-alike"]

# %% [scale]
X_train = train_images
X_test = test_images
X_train /= 255
X_test /= 255
