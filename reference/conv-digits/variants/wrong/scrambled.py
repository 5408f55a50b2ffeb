"""Has the images along the last axis when reshaping and turns the axes afterwards: pixels of many images get mixed."""

LOSES = ["reshape-training", "reshape-test"]
BLOCKS = ["same-scale"]

# %% [reshape]
X_train = np.moveaxis(train_images.reshape(28, 28, 1, -1), -1, 0)
X_test = np.moveaxis(test_images.reshape(28, 28, 1, -1), -1, 0)
