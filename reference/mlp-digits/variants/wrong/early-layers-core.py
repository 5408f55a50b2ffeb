"""Imports from `keras.layers.core`, a module of early versions: today all layers stand in `keras.layers`."""

LOSES = ["dropout-network", "dropout-layers", "dropout-training", "dropout-accuracy"]

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
