"""Gives the first network ReLU at once, since that is what one uses today; then there is nothing to compare with."""

LOSES = ["sigmoid-activations"]

# %% [sigmoid-build]
sigmoid_model = keras.Sequential(
    [
        keras.Input(shape=(784,)),
        keras.layers.Dense(512, activation="relu"),
        keras.layers.Dense(512, activation="relu"),
        keras.layers.Dense(10, activation="softmax"),
    ]
)
