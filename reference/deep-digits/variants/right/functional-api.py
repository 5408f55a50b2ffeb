"""Builds the network with the functional API, and keeps its layers under names."""

# %% [create-dnn]
def create_DNN(input_shape, num_classes):
    inputs = keras.Input(shape=input_shape)
    hidden = keras.layers.Dense(400, activation="relu", name="first")(inputs)
    hidden = keras.layers.Dense(100, activation="relu", name="second")(hidden)
    hidden = keras.layers.Dropout(rate=0.5)(hidden)
    outputs = keras.layers.Dense(num_classes, activation="softmax", name="digits")(hidden)
    return keras.Model(inputs=inputs, outputs=outputs)


create_DNN((784,), 10).summary()
