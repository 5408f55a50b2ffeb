"""Writes 784 and 10 into the function instead of asking its arguments: it works for these images only."""

LOSES = ["features-are-used", "classes-are-used"]

# %% [create-network]
def create_network(X, y, optimizer):
    network = keras.Sequential(
        [
            keras.Input(shape=(784,)),
            keras.layers.Dense(UNITS, activation="relu"),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )
    network.compile(loss="categorical_crossentropy", optimizer=optimizer, metrics=["accuracy"])
    return network
