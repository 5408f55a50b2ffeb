"""Builds the network with the functional API, and keeps its layers under names."""

# %% [create-cnn]
def create_CNN(input_shape, num_classes):
    inputs = keras.Input(shape=input_shape)
    maps = keras.layers.Conv2D(10, 5, activation="relu", name="strokes")(inputs)
    maps = keras.layers.MaxPooling2D()(maps)
    maps = keras.layers.Conv2D(20, 5, activation="relu", name="shapes")(maps)
    maps = keras.layers.Dropout(rate=0.5)(maps)
    maps = keras.layers.MaxPooling2D()(maps)
    row = keras.layers.Flatten()(maps)
    row = keras.layers.Dense(320, activation="relu")(row)
    row = keras.layers.Dropout(rate=0.5)(row)
    return keras.Model(inputs, keras.layers.Dense(num_classes, activation="softmax")(row))


create_CNN(input_shape, 10).summary()
