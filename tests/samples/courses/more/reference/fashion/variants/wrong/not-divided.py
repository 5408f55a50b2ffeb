"""Adds the axis and forgets to divide."""

LOSES = ["training-images", "test-images"]

# %% [prepare]
X_train = train_images[..., np.newaxis].astype("float32")
X_test = test_images[..., np.newaxis].astype("float32")
