"""Builds a network of its own in `compile_model` instead of calling `create_DNN`: it lacks the dropout layer."""

LOSES = ["compile-network"]

# %% [compile-model]
def compile_model(optimizer):
    model = keras.Sequential(
        [
            keras.Input(shape=(784,)),
            keras.layers.Dense(400, activation="relu"),
            keras.layers.Dense(100, activation="relu"),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )
    model.compile(loss="categorical_crossentropy", optimizer=optimizer, metrics=["accuracy"])
    return model
