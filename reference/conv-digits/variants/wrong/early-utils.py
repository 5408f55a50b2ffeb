"""Imports `np_utils`, which early versions of Keras had; today the import fails."""

LOSES = ["one-hot-training", "one-hot-test"]

# %% [one-hot]
from keras.utils import np_utils

Y_train = np_utils.to_categorical(train_labels)
Y_test = np_utils.to_categorical(test_labels)
