"""Divides by 250: a number remembered almost, which no shape and no accuracy gives away."""

LOSES = ["train-scaled", "test-scaled"]

# %% [prepare]
X_train = train_images.reshape(-1, 784).astype("float32") / 250
X_test = test_images.reshape(-1, 784).astype("float32") / 250
