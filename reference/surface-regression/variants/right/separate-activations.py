"""Puts the activations into layers of their own, and names the layers."""

# %% [build-network]
def build_network(hidden_units, activation):
    network = keras.Sequential(name="surface")
    network.add(keras.Input(shape=(2,), name="point"))
    for number, units in enumerate(hidden_units):
        network.add(keras.layers.Dense(units, name=f"hidden_{number}"))
        network.add(keras.layers.Activation(activation))
    network.add(keras.layers.Dense(1, name="height"))
    return network
