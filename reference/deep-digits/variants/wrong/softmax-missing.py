"""Forgets the activation of the output layer; the loss takes its numbers for probabilities, and training goes astray."""

LOSES = ["dnn-softmax", "adam-accuracy", "sgd-accuracy"]

# %% [create-dnn]
def create_DNN(input_shape, num_classes):
    return keras.Sequential(
        [
            keras.Input(shape=input_shape),
            keras.layers.Dense(400, activation="relu"),
            keras.layers.Dense(100, activation="relu"),
            keras.layers.Dropout(0.5),
            keras.layers.Dense(num_classes),
        ]
    )
