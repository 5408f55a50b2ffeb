"""Divides the labels by 255 like the pixels: every digit becomes class 0."""

LOSES = ["one-hot-train", "one-hot-test"]

# %% [one-hot]
Y_train = keras.utils.to_categorical(train_labels / 255, 10)
Y_test = keras.utils.to_categorical(test_labels / 255, 10)
