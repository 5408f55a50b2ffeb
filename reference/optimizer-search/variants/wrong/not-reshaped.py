"""Leaves the images square and in float64."""

LOSES = ["rows-of-pixels", "pixels-float32"]

# %% [prepare]
X_train = train_images / 255
X_test = test_images / 255
