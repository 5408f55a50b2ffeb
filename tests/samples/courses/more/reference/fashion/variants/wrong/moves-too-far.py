"""Moves by up to half of the picture."""

LOSES = ["moves"]

# %% [augment]
augment = keras.Sequential([
    keras.Input(shape=(28, 28, 1)),
    keras.layers.RandomFlip("horizontal"),
    keras.layers.RandomTranslation(0.5, 0.5),
])

# %% [build]
model = keras.Sequential([
    keras.Input(shape=(28, 28, 1)),
    keras.layers.RandomFlip("horizontal"),
    keras.layers.RandomTranslation(0.1, 0.1),
    keras.layers.Conv2D(16, 3, activation="relu"),
    keras.layers.MaxPooling2D(2),
    keras.layers.Conv2D(32, 3, activation="relu"),
    keras.layers.MaxPooling2D(2),
    keras.layers.Flatten(),
    keras.layers.Dense(10, activation="softmax"),
])
