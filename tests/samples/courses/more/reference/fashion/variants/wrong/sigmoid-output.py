"""Ends with sigmoid, as for a question of yes or no."""

LOSES = ["layers"]

# %% [build]
model = keras.Sequential([
    keras.Input(shape=(28, 28, 1)),
    augment,
    keras.layers.Conv2D(16, 3, activation="relu"),
    keras.layers.MaxPooling2D(2),
    keras.layers.Conv2D(32, 3, activation="relu"),
    keras.layers.MaxPooling2D(2),
    keras.layers.Flatten(),
    keras.layers.Dense(10, activation="sigmoid"),
])
