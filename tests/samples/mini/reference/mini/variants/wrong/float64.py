"""Divides without a cast: float64."""

LOSES = ["scale-dtype"]

# %% [scale]
X_train = train_images[:1000].reshape(1000, 784) / 255
X_test = test_images[:500].reshape(500, 784) / 255
