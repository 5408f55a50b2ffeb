"""Reads 100 for 1000: the network is ten times smaller than required, and differs from the recorded one."""

LOSES = ["iris-units"]

# %% [build]
iris_model = keras.Sequential(
    [
        keras.Input(shape=(4,)),
        keras.layers.Dense(100, activation="relu"),
        keras.layers.Dense(500, activation="relu"),
        keras.layers.Dense(70, activation="relu"),
        keras.layers.Dense(3, activation="softmax"),
    ]
)
