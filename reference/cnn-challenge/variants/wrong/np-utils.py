"""Calls `np_utils`, which was removed from Keras years ago and is still in many books."""

LOSES = ["one-hot-train", "one-hot-test"]

# %% [one-hot]
from keras.utils import np_utils

Y_train = np_utils.to_categorical(train_labels, 10)
Y_test = np_utils.to_categorical(test_labels, 10)
