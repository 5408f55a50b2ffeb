"""Stores the scaled training images under a misspelt name, so that only the test images are scaled.

Shapes and counts are right and nothing raises: the network learns from pixels up to 255 and is tested with pixels up
to 1, with an accuracy near 0.11. Later tasks continue from the right arrays, so this costs the points of the scaling once.
"""

LOSES = ["training-scaled"]

# %% [scale]
X_train = X_train.astype("float32")
X_test = X_test.astype("float32")
train_mages = X_train / 255
X_test = X_test / 255
