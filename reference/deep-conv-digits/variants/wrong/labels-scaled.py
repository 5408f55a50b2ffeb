"""Divides the labels by 255 as well, as if they were pixels: all become 0, and so does every one-hot row."""

LOSES = ["one-hot-train", "one-hot-test"]

# %% [one-hot]
Y_train = keras.utils.to_categorical(train_labels / 255, 10)
Y_test = keras.utils.to_categorical(test_labels / 255, 10)
