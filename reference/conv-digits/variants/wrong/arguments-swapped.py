"""Gives the side of the filter first and the number of filters second: three filters of 8 × 8."""

LOSES = ["convolution", "parameters"]

# %% [build]
model = keras.Sequential(
    [
        keras.Input(shape=(28, 28, 1)),
        keras.layers.Conv2D(filter_size, num_filters, activation="relu"),
        keras.layers.MaxPooling2D(pool_size),
        keras.layers.Flatten(),
        keras.layers.Dense(10, activation="softmax"),
    ]
)
