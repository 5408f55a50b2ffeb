"""Gives the second hidden layer no activation, so that it is linear; the accuracy does not show it."""

LOSES = ["dnn-activations"]

# %% [create-dnn]
def create_DNN(input_shape, num_classes):
    return keras.Sequential(
        [
            keras.Input(shape=input_shape),
            keras.layers.Dense(400, activation="relu"),
            keras.layers.Dense(100),
            keras.layers.Dropout(0.5),
            keras.layers.Dense(num_classes, activation="softmax"),
        ]
    )
