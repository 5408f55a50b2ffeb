"""Pools over fields of 3 × 3 instead of 2 × 2 behind the second convolution."""

LOSES = ["guided-convolutions"]

# %% [guided-build]
guided_model = keras.Sequential(
    [
        keras.Input(shape=(28, 28, 1)),
        keras.layers.BatchNormalization(),
        keras.layers.Conv2D(4, 5, activation="relu"),
        keras.layers.MaxPooling2D(2),
        keras.layers.Conv2D(16, 5, activation="relu"),
        keras.layers.MaxPooling2D(3),
        keras.layers.Flatten(),
        keras.layers.Dense(100, activation="relu"),
        keras.layers.Dropout(0.4),
        keras.layers.Dense(10, activation="softmax"),
    ]
)
