"""Puts the channel before the rows, as other libraries want it; Keras takes what `image_data_format` says, here last."""

LOSES = ["reshape-training", "reshape-test"]
BLOCKS = ["same-scale"]

# %% [reshape]
X_train = train_images.reshape(-1, 1, 28, 28)
X_test = test_images.reshape(-1, 1, 28, 28)
