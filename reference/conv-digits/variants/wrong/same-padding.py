"""Pads the images, a habit from deeper networks: the maps keep 28 × 28 numbers."""

LOSES = ["convolution", "parameters"]

# %% [build]
model = keras.Sequential(
    [
        keras.Input(shape=(28, 28, 1)),
        keras.layers.Conv2D(num_filters, filter_size, padding="same"),
        keras.layers.MaxPooling2D(pool_size),
        keras.layers.Flatten(),
        keras.layers.Dense(10, activation="softmax"),
    ]
)
