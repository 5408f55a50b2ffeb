"""Copies the line for the labels and changes one name only: the test set gets the first labels of the training set."""

LOSES = ["one-hot-test"]

# %% [one-hot]
Y_train = keras.utils.to_categorical(train_labels, 10)
Y_test = keras.utils.to_categorical(train_labels[:10000], 10)
