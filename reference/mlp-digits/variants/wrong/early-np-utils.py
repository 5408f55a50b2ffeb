"""Imports `np_utils`, which today's Keras no longer has: `to_categorical` lives in `keras.utils`."""

LOSES = ["one-hot-train", "one-hot-test"]

# %% [one-hot]
from keras.utils import np_utils

Y_train = np_utils.to_categorical(y_train, 10)
Y_test = np_utils.to_categorical(y_test, 10)
