"""Stores the scaled training images under a misspelt name, so that only the test images are scaled.

Shapes and counts are right and nothing raises; the accuracy falls to that of guessing. Later tasks continue from the
right arrays, so this costs the points of the scale once.
"""

LOSES = ["same-scale"]

# %% [reshape]
X_train = train_images.reshape(-1, 28, 28, 1)
X_test = test_images.reshape(-1, 28, 28, 1)
train_mages = X_train / 255
X_test = X_test / 255
