"""Takes an optimizer and compiles with Adam all the same, so that the search compares Adam with itself.

The network of the last task is then not trained with Adadelta either.
"""

LOSES = ["optimizer-is-used", "mended-rate"]

# %% [create-network]
def create_network(X, y, optimizer):
    network = keras.Sequential(
        [
            keras.Input(shape=(X.shape[1],)),
            keras.layers.Dense(UNITS, activation="relu"),
            keras.layers.Dense(y.shape[1], activation="softmax"),
        ]
    )
    network.compile(loss="categorical_crossentropy", optimizer="adam", metrics=["accuracy"])
    return network
