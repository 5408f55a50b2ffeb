"""Forgets the narrow layer: 784 units in the middle."""

LOSES = ["layers"]

# %% [build]
autoencoder = keras.Sequential([
    keras.Input(shape=(784,)),
    keras.layers.Dense(128, activation="relu"),
    keras.layers.Dense(784, activation="relu"),
    keras.layers.Dense(128, activation="relu"),
    keras.layers.Dense(784, activation="sigmoid"),
])
