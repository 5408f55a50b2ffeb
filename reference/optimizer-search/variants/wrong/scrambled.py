"""Reshapes to columns and turns them into rows: the shape is right, and every row holds pixels of many images."""

LOSES = ["train-scaled", "test-scaled"]

# %% [prepare]
X_train = train_images.reshape(784, -1).T.astype("float32") / 255
X_test = test_images.reshape(784, -1).T.astype("float32") / 255
