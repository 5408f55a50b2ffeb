"""Imports from `keras.layers.core`, a module of early versions, so that there is no function and no network at all."""

LOSES = ["TODO"]

# %% [create-dnn]
from keras.layers.core import Dense, Dropout


def create_DNN(input_shape, num_classes):
    return keras.Sequential(
        [
            keras.Input(shape=input_shape),
            Dense(400, activation="relu"),
            Dense(100, activation="relu"),
            Dropout(0.5),
            Dense(num_classes, activation="softmax"),
        ]
    )
