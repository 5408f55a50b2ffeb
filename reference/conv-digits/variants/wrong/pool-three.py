"""Pools over 3 × 3, taking the side of the filter for both."""

LOSES = ["pooling", "parameters"]

# %% [build]
model = keras.Sequential(
    [
        keras.Input(shape=(28, 28, 1)),
        keras.layers.Conv2D(num_filters, filter_size),
        keras.layers.MaxPooling2D(filter_size),
        keras.layers.Flatten(),
        keras.layers.Dense(10, activation="softmax"),
    ]
)
