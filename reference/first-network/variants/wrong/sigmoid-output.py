"""Gives the output layer ten sigmoids, as for yes-or-no questions: their sum is not 1."""

LOSES = ["output-softmax"]

# %% [build]
model = keras.Sequential(
    [
        keras.Input(shape=(784,)),
        keras.layers.Dense(10, activation="sigmoid"),
        keras.layers.Dense(10, activation="sigmoid"),
    ]
)
