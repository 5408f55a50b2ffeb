"""Uses sigmoid instead of softmax in the output layer of the first network."""

LOSES = ["sigmoid-softmax"]

# %% [sigmoid-build]
sigmoid_model = keras.Sequential(
    [
        keras.Input(shape=(784,)),
        keras.layers.Dense(512, activation="sigmoid"),
        keras.layers.Dense(512, activation="sigmoid"),
        keras.layers.Dense(10, activation="sigmoid"),
    ]
)
