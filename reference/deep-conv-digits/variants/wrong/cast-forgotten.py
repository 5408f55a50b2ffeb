"""Divides without casting: NumPy then makes float64 of whole numbers."""

LOSES = ["float32"]

# %% [scale]
X_train = train_images / 255
X_test = test_images / 255
