"""Imports from `keras.layers.convolutional`, a module of early versions, so that there is no function and no network at all."""

LOSES = [
    "cnn-convolutions",
    "cnn-pooling",
    "cnn-relu",
    "cnn-dropout",
    "cnn-dense",
    "cnn-softmax",
    "cnn-uses-shape",
    "cnn-uses-classes",
    "compile-loss",
    "compile-metrics",
    "compile-optimizer",
    "compile-network",
    "compile-fresh",
    "cnn-optimizer",
    "cnn-data",
    "cnn-validation",
    "cnn-batches",
    "cnn-accuracy",
    "accuracy-measured",
    "loss-measured",
    "predicted-labels",
    "least-sure",
]
BLOCKS = ["curves", "labels"]

# %% [create-cnn]
from keras.layers.convolutional import Conv2D, MaxPooling2D
from keras.layers.core import Dense, Dropout, Flatten


def create_CNN(input_shape, num_classes):
    return keras.Sequential(
        [
            keras.Input(shape=input_shape),
            Conv2D(10, (5, 5), activation="relu"),
            MaxPooling2D((2, 2)),
            Conv2D(20, (5, 5), activation="relu"),
            Dropout(0.5),
            MaxPooling2D((2, 2)),
            Flatten(),
            Dense(320, activation="relu"),
            Dropout(0.5),
            Dense(num_classes, activation="softmax"),
        ]
    )
