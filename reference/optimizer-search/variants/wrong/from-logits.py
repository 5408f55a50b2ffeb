"""Tells the loss that it gets logits although the last layer is softmax."""

LOSES = ["network-settings"]

# %% [create-network]
def create_network(X, y, optimizer):
    network = keras.Sequential(
        [
            keras.Input(shape=(X.shape[1],)),
            keras.layers.Dense(UNITS, activation="relu"),
            keras.layers.Dense(y.shape[1], activation="softmax"),
        ]
    )
    network.compile(
        loss=keras.losses.CategoricalCrossentropy(from_logits=True), optimizer=optimizer, metrics=["accuracy"]
    )
    return network
