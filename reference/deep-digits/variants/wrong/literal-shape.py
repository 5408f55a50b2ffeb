"""Writes the shape of the input out, so that the function ignores its argument."""

LOSES = ["dnn-uses-shape"]

# %% [create-dnn]
def create_DNN(input_shape, num_classes):
    return keras.Sequential(
        [
            keras.Input(shape=(784,)),
            keras.layers.Dense(400, activation="relu"),
            keras.layers.Dense(100, activation="relu"),
            keras.layers.Dropout(0.5),
            keras.layers.Dense(num_classes, activation="softmax"),
        ]
    )
