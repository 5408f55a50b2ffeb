"""Turns black and white round in the test images only."""

LOSES = ["scale-test", "fit-accuracy"]

# %% [scale]
X_train = train_images[:1000].reshape(1000, 784).astype("float32") / 255
X_test = 1 - test_images[:500].reshape(500, 784).astype("float32") / 255
