"""Names the penalty, so that its strength is 0.01."""

LOSES = ["network-penalty"]

# %% [network]
network = keras.Sequential([
    keras.Input((784,)),
    keras.layers.Dense(16, "relu", kernel_initializer="he_normal", kernel_regularizer="l2"),
    keras.layers.Dense(10, "softmax"),
])
