"""Puts a dropout layer behind the first hidden layer only."""

LOSES = ["dropout-layers"]

# %% [dropout-build]
dropout_model = keras.Sequential(
    [
        keras.Input(shape=(784,)),
        keras.layers.Dense(512, activation="relu"),
        keras.layers.Dropout(0.2),
        keras.layers.Dense(512, activation="relu"),
        keras.layers.Dense(10, activation="softmax"),
    ]
)
