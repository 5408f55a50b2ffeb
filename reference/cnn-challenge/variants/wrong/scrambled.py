"""Reshapes in Fortran order: the shape is right, and every image holds pixels of many others."""

LOSES = ["train-scaled", "test-scaled"]

# %% [prepare]
X_train = train_images.reshape((-1, 28, 28, 1), order="F").astype("float32") / 255
X_test = test_images.reshape((-1, 28, 28, 1), order="F").astype("float32") / 255
