"""Reshapes in Fortran order: the shape is right, and every row holds pixels of many images."""

LOSES = ["train-scaled", "test-scaled"]

# %% [prepare]
X_train = train_images.reshape((-1, 784), order="F").astype("float32") / 255
X_test = test_images.reshape((-1, 784), order="F").astype("float32") / 255
