"""Takes tanh in the hidden layers, as books did before ReLU."""

LOSES = ["dnn-activations"]

# %% [create-dnn]
def create_DNN(input_shape, num_classes):
    return keras.Sequential(
        [
            keras.Input(shape=input_shape),
            keras.layers.Dense(400, activation="tanh"),
            keras.layers.Dense(100, activation="tanh"),
            keras.layers.Dropout(0.5),
            keras.layers.Dense(num_classes, activation="softmax"),
        ]
    )
