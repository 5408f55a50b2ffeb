"""Stores the scaled training images under a misspelt name: no error, but only the test set is scaled."""

LOSES = ["train-scaled"]

# %% [scale]
X_train = train_images.astype("float32")
X_test = test_images.astype("float32")
X_tran = X_train / 255
X_test = X_test / 255
