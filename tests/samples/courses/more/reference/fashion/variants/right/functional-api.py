"""Builds the network with the functional API, and sets the activations apart."""

# %% [build]
image = keras.Input(shape=(28, 28, 1))
hidden = augment(image)
for windows in (16, 32):
    hidden = keras.layers.Activation("relu")(keras.layers.Conv2D(windows, (3, 3))(hidden))
    hidden = keras.layers.MaxPool2D((2, 2))(hidden)
hidden = keras.layers.Flatten()(hidden)
model = keras.Model(image, keras.layers.Softmax()(keras.layers.Dense(10)(hidden)))
