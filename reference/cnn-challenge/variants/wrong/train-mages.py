"""Stores the scaled training images under a misspelt name, so that only the test images are scaled.

Shapes and counts are right, and no error appears. Later steps continue from the reference's arrays, so it costs its own
point alone.
"""

LOSES = ["train-scaled"]

# %% [prepare]
X_train = train_images.reshape(-1, 28, 28, 1).astype("float32")
X_test = test_images.reshape(-1, 28, 28, 1).astype("float32")
X_trian = X_train / 255
X_test = X_test / 255
