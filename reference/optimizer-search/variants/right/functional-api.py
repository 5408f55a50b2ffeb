"""Builds the network with the functional API, its activations as layers, its arguments by name."""

# %% [create-network]
def create_network(X, y, optimizer):
    inputs = keras.Input((X.shape[-1],))
    hidden = keras.layers.Dense(UNITS)(inputs)
    hidden = keras.layers.Activation("relu")(hidden)
    outputs = keras.layers.Softmax()(keras.layers.Dense(y.shape[-1])(hidden))
    network = keras.Model(inputs=inputs, outputs=outputs)
    network.compile(optimizer, "categorical_crossentropy", metrics=["acc"])
    return network
