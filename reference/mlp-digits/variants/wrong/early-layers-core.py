"""Imports from `keras.layers.core`, a module of early versions, so that the network with dropout is never trained."""

LOSES = ["dropout-network", "dropout-layers", "dropout-training", "dropout-accuracy", "curves", "labels"]

# %% [dropout-build]
from keras.layers.core import Dense, Dropout

dropout_model = keras.Sequential(
    [
        keras.Input(shape=(784,)),
        Dense(512, activation="relu"),
        Dropout(0.2),
        Dense(512, activation="relu"),
        Dropout(0.2),
        Dense(10, activation="softmax"),
    ]
)
