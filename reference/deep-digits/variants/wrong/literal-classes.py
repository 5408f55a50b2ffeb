"""Writes the number of classes out, so that the function ignores its argument."""

LOSES = ["dnn-uses-classes"]

# %% [create-dnn]
def create_DNN(input_shape, num_classes):
    return keras.Sequential(
        [
            keras.Input(shape=input_shape),
            keras.layers.Dense(400, activation="relu"),
            keras.layers.Dense(100, activation="relu"),
            keras.layers.Dropout(0.5),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )
