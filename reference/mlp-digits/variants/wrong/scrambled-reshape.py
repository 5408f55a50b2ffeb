"""Asks for 784 rows and turns the result round: the shape is right, but each row mixes the pixels of many images."""

LOSES = ["reshape-train", "reshape-test"]

# %% [reshape]
X_train = train_images.reshape(784, 60000).T
X_test = test_images.reshape(784, 10000).T
