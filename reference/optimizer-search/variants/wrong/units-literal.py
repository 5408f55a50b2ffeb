"""Takes 500 units, a number from another assignment; the accuracy does not show it."""

LOSES = ["network-layers"]

# %% [create-network]
def create_network(X, y, optimizer):
    network = keras.Sequential(
        [
            keras.Input(shape=(X.shape[1],)),
            keras.layers.Dense(500, activation="relu"),
            keras.layers.Dense(y.shape[1], activation="softmax"),
        ]
    )
    network.compile(loss="categorical_crossentropy", optimizer=optimizer, metrics=["accuracy"])
    return network
