"""Gives the output layer ten sigmoids, as for yes-or-no questions: their sum is not 1, and the accuracy does not show it."""

LOSES = ["output"]

# %% [build]
model = keras.Sequential(
    [
        keras.Input(shape=(28, 28, 1)),
        keras.layers.Conv2D(num_filters, filter_size),
        keras.layers.MaxPooling2D(pool_size),
        keras.layers.Flatten(),
        keras.layers.Dense(10, activation="sigmoid"),
    ]
)
