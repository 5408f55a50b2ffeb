"""Pools over windows of 4 × 4 behind the first convolution: of each map no more than one number is left at the end."""

LOSES = ["cnn-pooling", "cnn-accuracy"]

# %% [create-cnn]
def create_CNN(input_shape, num_classes):
    return keras.Sequential(
        [
            keras.Input(shape=input_shape),
            keras.layers.Conv2D(10, (5, 5), activation="relu"),
            keras.layers.MaxPooling2D((4, 4)),
            keras.layers.Conv2D(20, (5, 5), activation="relu"),
            keras.layers.Dropout(0.5),
            keras.layers.MaxPooling2D((2, 2)),
            keras.layers.Flatten(),
            keras.layers.Dense(320, activation="relu"),
            keras.layers.Dropout(0.5),
            keras.layers.Dense(num_classes, activation="softmax"),
        ]
    )
