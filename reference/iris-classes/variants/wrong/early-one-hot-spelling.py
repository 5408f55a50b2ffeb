"""Takes `np_utils` from an old book: today's Keras has no such module, and the cell raises an error."""

LOSES = ["kinds-one-hot"]

# %% [one-hot]
from keras.utils import np_utils

one_hot_kinds = np_utils.to_categorical(kinds, 3)
