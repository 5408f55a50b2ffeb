"""Leaves the starting weights to Keras."""

LOSES = ["network-start"]

# %% [network]
network = keras.Sequential([
    keras.Input((784,)),
    keras.layers.Dense(16, "relu", kernel_regularizer=keras.regularizers.L2(0.001)),
    keras.layers.Dense(10, "softmax"),
])
