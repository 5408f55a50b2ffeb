"""Puts the activations into layers of their own: `Activation`, `ReLU` and `Softmax`."""

# %% [create-dnn]
def create_DNN(input_shape, num_classes):
    model = keras.Sequential([keras.Input(shape=input_shape)])
    model.add(keras.layers.Dense(400))
    model.add(keras.layers.Activation("relu"))
    model.add(keras.layers.Dense(100))
    model.add(keras.layers.ReLU())
    model.add(keras.layers.Dropout(0.5))
    model.add(keras.layers.Dense(num_classes))
    model.add(keras.layers.Softmax())
    return model


create_DNN(input_shape=(784,), num_classes=10).summary()
