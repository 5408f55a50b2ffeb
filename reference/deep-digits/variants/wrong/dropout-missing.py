"""Leaves the dropout layer out; parameters and accuracy do not show it."""

LOSES = ["dnn-dropout"]

# %% [create-dnn]
def create_DNN(input_shape, num_classes):
    return keras.Sequential(
        [
            keras.Input(shape=input_shape),
            keras.layers.Dense(400, activation="relu"),
            keras.layers.Dense(100, activation="relu"),
            keras.layers.Dense(num_classes, activation="softmax"),
        ]
    )
