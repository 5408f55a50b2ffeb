"""Builds encoder and decoder with the functional API and separate activation layers."""

# %% [build]
image = keras.Input(shape=(784,))
hidden = keras.layers.Activation("relu")(keras.layers.Dense(128)(image))
code = keras.layers.ReLU()(keras.layers.Dense(32)(hidden))
hidden = keras.layers.Dense(128, "relu")(code)
autoencoder = keras.Model(image, keras.layers.Activation("sigmoid")(keras.layers.Dense(784)(hidden)))
