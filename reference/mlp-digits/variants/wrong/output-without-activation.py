"""Forgets the activation of the output layer: ten numbers that are no probabilities, and a loss that expects some."""

LOSES = ["sigmoid-softmax"]

# %% [sigmoid-build]
sigmoid_model = keras.Sequential(
    [
        keras.Input(shape=(784,)),
        keras.layers.Dense(512, activation="sigmoid"),
        keras.layers.Dense(512, activation="sigmoid"),
        keras.layers.Dense(10),
    ]
)
