"""Imports from `keras.layers.core`, a module of Keras 1: the cell fails, and there is no network to train."""

LOSES = [
    "guided-normalization",
    "guided-convolutions",
    "guided-dense",
    "guided-dropout",
    "guided-loss",
    "guided-optimizer",
    "guided-data",
    "guided-validation",
    "guided-epochs",
    "guided-accuracy",
    "guided-evaluation",
    "guided-prediction",
]

# %% [guided-build]
from keras.layers.core import Dense, Dropout, Flatten

guided_model = keras.Sequential(
    [
        keras.Input(shape=(28, 28, 1)),
        keras.layers.BatchNormalization(),
        keras.layers.Conv2D(4, 5, activation="relu"),
        keras.layers.MaxPooling2D(2),
        keras.layers.Conv2D(16, 5, activation="relu"),
        keras.layers.MaxPooling2D(2),
        keras.layers.Flatten(),
        keras.layers.Dense(100, activation="relu"),
        keras.layers.Dropout(0.4),
        keras.layers.Dense(10, activation="softmax"),
    ]
)
