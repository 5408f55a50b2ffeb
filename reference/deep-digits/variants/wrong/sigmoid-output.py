"""Takes sigmoid for ten classes: ten separate yes-or-no answers instead of one choice."""

LOSES = ["dnn-softmax"]

# %% [create-dnn]
def create_DNN(input_shape, num_classes):
    return keras.Sequential(
        [
            keras.Input(shape=input_shape),
            keras.layers.Dense(400, activation="relu"),
            keras.layers.Dense(100, activation="relu"),
            keras.layers.Dropout(0.5),
            keras.layers.Dense(num_classes, activation="sigmoid"),
        ]
    )
