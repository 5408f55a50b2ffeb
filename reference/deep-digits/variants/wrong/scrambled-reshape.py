"""Puts the pixels first and transposes until the shape is right: each row then mixes pixels of many images."""

LOSES = ["reshape-train", "reshape-test"]

# %% [reshape]
X_train = train_images.reshape(784, -1).T
X_test = test_images.reshape(784, -1).T
