"""Writes `x_test` with a small x, as the published text does in places: `X_test` is missing."""

LOSES = ["reshape-test"]
BLOCKS = ["same-scale"]

# %% [reshape]
X_train = train_images.reshape(-1, 28, 28, 1)
x_test = test_images.reshape(-1, 28, 28, 1)
