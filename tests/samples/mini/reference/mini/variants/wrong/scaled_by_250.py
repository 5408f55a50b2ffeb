"""Divides by 250, a slip for 255: the values end above 1."""

LOSES = ["scale-train"]

# %% [scale]
X_train = train_images[:1000].reshape(1000, 784).astype("float32") / 250
X_test = test_images[:500].reshape(500, 784).astype("float32") / 250
