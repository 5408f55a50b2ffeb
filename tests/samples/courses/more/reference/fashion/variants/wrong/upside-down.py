"""Mirrors up and down as well, which is the default."""

LOSES = ["mirrors"]

# %% [augment]
augment = keras.Sequential([
    keras.Input(shape=(28, 28, 1)),
    keras.layers.RandomFlip(),
    keras.layers.RandomTranslation(0.1, 0.1),
])
