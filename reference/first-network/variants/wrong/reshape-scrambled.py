"""Takes the axes in the wrong order: rows of 784 numbers that come from 784 different images."""

LOSES = ["reshape-training", "reshape-test"]

# %% [reshape]
X_train = train_images.reshape(784, 60000).T
X_test = test_images.reshape(784, 10000).T
