"""Builds the network with the functional API and separate activation layers."""

# %% [build]
row = keras.Input(shape=(9,))
hidden = keras.layers.Activation("relu")(keras.layers.Dense(24)(row))
hidden = keras.layers.ReLU()(keras.layers.Dense(12)(hidden))
model = keras.Model(row, keras.layers.Activation("sigmoid")(keras.layers.Dense(1)(hidden)))
