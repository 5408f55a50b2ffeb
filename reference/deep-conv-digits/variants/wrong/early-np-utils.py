"""Copies `np_utils` from a book of 2016; today the function is in `keras.utils` itself."""

LOSES = ["one-hot-train", "one-hot-test"]

# %% [one-hot]
from keras.utils import np_utils

Y_train = np_utils.to_categorical(train_labels, 10)
Y_test = np_utils.to_categorical(test_labels, 10)
