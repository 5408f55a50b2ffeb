"""Imports from `keras.layers.core`, a module of early versions, so that there is no function and no network at all."""

LOSES = [
    "dnn-units",
    "dnn-activations",
    "dnn-dropout",
    "dnn-softmax",
    "dnn-uses-shape",
    "dnn-uses-classes",
    "compile-loss",
    "compile-metrics",
    "compile-optimizer",
    "compile-network",
    "compile-fresh",
    "adam-optimizer",
    "adam-data",
    "adam-batches",
    "adam-accuracy",
    "accuracy-measured",
    "loss-measured",
    "predicted-labels",
    "mistakes",
    "sgd-optimizer",
    "sgd-network",
    "sgd-training",
    "sgd-accuracy",
    "accuracy-gain",
]
BLOCKS = ["curves", "labels"]

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
