"""Builds the networks with the functional API."""

# %% [build-network]
def build_network(hidden_units, activation):
    inputs = keras.Input(shape=(2,))
    x = inputs
    for units in hidden_units:
        x = keras.layers.Dense(units, activation=activation)(x)
    return keras.Model(inputs, keras.layers.Dense(1)(x))
