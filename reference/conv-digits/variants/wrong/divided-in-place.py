"""Divides the whole numbers in place: NumPy refuses, and the cell ends before the test images were made."""

LOSES = ["reshape-test"]
BLOCKS = ["same-scale"]

# %% [reshape]
X_train = train_images.reshape(-1, 28, 28, 1)
X_train /= 255
X_test = test_images.reshape(-1, 28, 28, 1)
X_test /= 255
