"""Scales inside the model with a `Rescaling` layer, and has ReLU as a layer of its own."""

# %% [build]
model = keras.Sequential(
    [
        keras.Input(shape=(28, 28, 1)),
        keras.layers.Rescaling(1 / 255),
        keras.layers.Conv2D(num_filters, filter_size),
        keras.layers.ReLU(),
        keras.layers.MaxPooling2D(pool_size),
        keras.layers.Flatten(),
        keras.layers.Dense(10, activation="softmax"),
    ]
)
