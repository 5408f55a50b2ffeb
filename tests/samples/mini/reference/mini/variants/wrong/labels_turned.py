"""Encodes the test labels from 9 down to 0, so that the network seems to learn nothing."""

LOSES = ["one-hot", "evaluation"]

# %% [one-hot]
Y_train = keras.utils.to_categorical(train_labels[:1000], 10)
Y_test = keras.utils.to_categorical(9 - test_labels[:500].astype(int), 10)
