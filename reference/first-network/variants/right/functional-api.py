"""Builds the network with the functional API, names its layers, and gives `fit` its settings by position."""

# %% [build]
pixels = keras.Input(shape=(784,), name="pixels")
hidden = keras.layers.Dense(10, activation="sigmoid", name="hidden")(pixels)
digits = keras.layers.Dense(10, activation="softmax", name="digits")(hidden)
model = keras.Model(inputs=pixels, outputs=digits, name="first_network")
model.summary()

# %% [fit]
history = model.fit(X_train, Y_train, 100, 5)
