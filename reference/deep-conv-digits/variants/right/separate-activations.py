"""Puts the activations into layers of their own: `Activation`, `ReLU` and `Softmax`."""

# %% [create-cnn]
def create_CNN(input_shape, num_classes):
    model = keras.Sequential([keras.Input(shape=input_shape)])
    model.add(keras.layers.Conv2D(10, (5, 5)))
    model.add(keras.layers.Activation("relu"))
    model.add(keras.layers.MaxPooling2D((2, 2)))
    model.add(keras.layers.Conv2D(20, (5, 5)))
    model.add(keras.layers.ReLU())
    model.add(keras.layers.Dropout(0.5))
    model.add(keras.layers.MaxPooling2D((2, 2)))
    model.add(keras.layers.Flatten())
    model.add(keras.layers.Dense(320))
    model.add(keras.layers.Activation("relu"))
    model.add(keras.layers.Dropout(0.5))
    model.add(keras.layers.Dense(num_classes))
    model.add(keras.layers.Softmax())
    return model


create_CNN(input_shape, 10).summary()
