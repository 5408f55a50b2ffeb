"""Makes the network once, outside the function, to save time: every training continues where the one before ended.

By the last optimizer the network has long seen the images that it is scored on, so the scores say nothing.
"""

LOSES = ["features-are-used", "classes-are-used", "search-training", "mended-training"]

# %% [create-network]
network = keras.Sequential(
    [
        keras.Input(shape=(784,)),
        keras.layers.Dense(UNITS, activation="relu"),
        keras.layers.Dense(10, activation="softmax"),
    ]
)


def create_network(X, y, optimizer):
    network.compile(loss="categorical_crossentropy", optimizer=optimizer, metrics=["accuracy"])
    return network
