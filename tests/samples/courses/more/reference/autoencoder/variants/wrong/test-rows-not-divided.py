"""Divides the training images only."""

LOSES = ["test-rows"]

# %% [prepare]
X_train = train_images.reshape(len(train_images), 784).astype("float32") / 255
X_test = test_images.reshape(len(test_images), 784).astype("float32")
