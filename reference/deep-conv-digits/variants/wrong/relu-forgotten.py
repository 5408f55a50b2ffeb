"""Gives the first convolution no activation, so that it is linear; the accuracy hardly shows it."""

LOSES = ["cnn-relu"]

# %% [create-cnn]
def create_CNN(input_shape, num_classes):
    return keras.Sequential(
        [
            keras.Input(shape=input_shape),
            keras.layers.Conv2D(10, (5, 5)),
            keras.layers.MaxPooling2D((2, 2)),
            keras.layers.Conv2D(20, (5, 5), activation="relu"),
            keras.layers.Dropout(0.5),
            keras.layers.MaxPooling2D((2, 2)),
            keras.layers.Flatten(),
            keras.layers.Dense(320, activation="relu"),
            keras.layers.Dropout(0.5),
            keras.layers.Dense(num_classes, activation="softmax"),
        ]
    )
