"""Builds one hidden layer instead of two."""

LOSES = ["layers"]

# %% [build]
model = keras.Sequential([
    keras.Input(shape=(9,)),
    keras.layers.Dense(24, activation="relu"),
    keras.layers.Dense(1, activation="sigmoid"),
])
