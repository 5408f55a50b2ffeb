"""Standardizes inside the model with a `Normalization` layer, and moves the training images a little."""

# %% [build]
model = keras.Sequential(
    [
        keras.Input(shape=(28, 28, 1)),
        keras.layers.Normalization(axis=None, mean=33.3, variance=6_172.9),
        keras.layers.RandomTranslation(0.01, 0.01),
        keras.layers.Conv2D(num_filters, filter_size),
        keras.layers.MaxPooling2D(pool_size),
        keras.layers.Flatten(),
        keras.layers.Dense(10, activation="softmax"),
    ]
)
