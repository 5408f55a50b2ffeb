"""Takes the 512 neurons and the ReLU of a later example; the accuracy does not show it."""

LOSES = ["neurons", "hidden-sigmoid"]

# %% [build]
model = keras.Sequential(
    [
        keras.Input(shape=(784,)),
        keras.layers.Dense(512, activation="relu"),
        keras.layers.Dense(10, activation="softmax"),
    ]
)
