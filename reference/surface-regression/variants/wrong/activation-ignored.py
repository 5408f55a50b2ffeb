"""Writes relu into the function and never looks at `activation`: the comparison of Task 8 then compares relu with relu."""

LOSES = ["uses-activation"]

# %% [build-network]
def build_network(hidden_units, activation):
    network = keras.Sequential([keras.Input(shape=(2,))])
    for units in hidden_units:
        network.add(keras.layers.Dense(units, activation="relu"))
    network.add(keras.layers.Dense(1))
    return network
