"""Uses sigmoid in the output layer: three separate yes-or-no answers, whose sum is not 1."""

LOSES = ["iris-softmax"]

# %% [build]
iris_model = keras.Sequential(
    [
        keras.Input(shape=(4,)),
        keras.layers.Dense(1000, activation="relu"),
        keras.layers.Dense(500, activation="relu"),
        keras.layers.Dense(70, activation="relu"),
        keras.layers.Dense(3, activation="sigmoid"),
    ]
)
