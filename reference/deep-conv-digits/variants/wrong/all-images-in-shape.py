"""Takes the shape of the whole array for the shape of one image."""

LOSES = ["input-shape"]

# %% [reshape]
X_train = add_channel(X_train, keras.backend.image_data_format())
X_test = add_channel(X_test, keras.backend.image_data_format())
input_shape = X_train.shape

# %% [compile-model]
def compile_model(optimizer):
    model = create_CNN(input_shape[1:], 10)
    model.compile(loss="categorical_crossentropy", optimizer=optimizer, metrics=["accuracy"])
    return model

# %% [create-cnn]
def create_CNN(input_shape, num_classes):
    return keras.Sequential(
        [
            keras.Input(shape=input_shape),
            keras.layers.Conv2D(10, (5, 5), activation="relu"),
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
