"""Divides without changing the type first, which makes numbers of eight bytes out of whole ones."""

LOSES = ["scale-float32"]

# %% [scale]
X_train = X_train / 255
X_test = X_test / 255
