"""Watches `keras.metrics.Accuracy()`, which asks whether a probability *equals* a label: `evaluate` says almost 0."""

LOSES = ["network-settings", "best-evaluation"]

# %% [create-network]
def create_network(X, y, optimizer):
    network = keras.Sequential(
        [
            keras.Input(shape=(X.shape[1],)),
            keras.layers.Dense(UNITS, activation="relu"),
            keras.layers.Dense(y.shape[1], activation="softmax"),
        ]
    )
    network.compile(loss="categorical_crossentropy", optimizer=optimizer, metrics=[keras.metrics.Accuracy()])
    return network
