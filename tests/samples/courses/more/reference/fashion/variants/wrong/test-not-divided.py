"""Divides the training images only."""

LOSES = ["test-images"]

# %% [prepare]
X_train = train_images[..., np.newaxis].astype("float32") / 255
X_test = test_images[..., np.newaxis].astype("float32")
