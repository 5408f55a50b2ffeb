"""Uses sigmoid instead of softmax in the output layer: ten separate yes-or-no answers that sum to anything."""

LOSES = ["network-layers"]

# %% [create-network]
def create_network(X, y, optimizer):
    network = keras.Sequential(
        [
            keras.Input(shape=(X.shape[1],)),
            keras.layers.Dense(UNITS, activation="relu"),
            keras.layers.Dense(y.shape[1], activation="sigmoid"),
        ]
    )
    network.compile(loss="categorical_crossentropy", optimizer=optimizer, metrics=["accuracy"])
    return network
