"""Builds the large network with the functional API."""

# %% [build]
inputs = keras.Input(shape=(4,), name="lengths")
x = inputs
for units in (1000, 500, 70):
    x = keras.layers.Dense(units, activation="relu")(x)
iris_model = keras.Model(inputs, keras.layers.Dense(3, activation="softmax")(x))
