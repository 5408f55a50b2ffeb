"""Calls `astype` but does not store what it returns."""

LOSES = ["cast-float32"]

# %% [cast]
X_train.astype("float32")
X_test.astype("float32")
