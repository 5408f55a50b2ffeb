"""Adds the layers one by one, with the activations as layers of their own: `Activation` and `Softmax`."""

# %% [build]
model = keras.Sequential()
model.add(keras.Input((784,)))
model.add(keras.layers.Dense(10))
model.add(keras.layers.Activation("sigmoid"))
model.add(keras.layers.Dense(10))
model.add(keras.layers.Softmax())
