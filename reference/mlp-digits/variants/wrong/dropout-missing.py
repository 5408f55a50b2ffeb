"""Builds the network with dropout without its dropout layers; the accuracy does not show it."""

LOSES = ["dropout-layers"]

# %% [dropout-build]
dropout_model = keras.Sequential(
    [
        keras.Input(shape=(784,)),
        keras.layers.Dense(512, activation="relu"),
        keras.layers.Dense(512, activation="relu"),
        keras.layers.Dense(10, activation="softmax"),
    ]
)
