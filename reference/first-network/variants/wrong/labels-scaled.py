"""Scales the labels along with the images, so that almost every digit becomes 0."""

LOSES = ["one-hot-training", "one-hot-test"]

# %% [one-hot]
Y_train = keras.utils.to_categorical(train_labels / 255, 10)
Y_test = keras.utils.to_categorical(test_labels / 255, 10)
