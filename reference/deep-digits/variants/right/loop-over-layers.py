"""Adds the layers in a loop, names the parameters in another way and gives them default values."""

# %% [create-dnn]
def create_DNN(shape=(784,), classes=10, units=(400, 100)):
    network = keras.Sequential()
    network.add(keras.Input(shape))
    for number in units:
        network.add(keras.layers.Dense(number, activation="relu"))
    network.add(keras.layers.Dropout(0.5))
    network.add(keras.layers.Dense(classes, activation="softmax"))
    return network


create_DNN().summary()

# %% [compile-model]
def compile_model(rule="sgd"):
    network = create_DNN()
    network.compile(rule, "categorical_crossentropy", metrics=["acc"])
    return network
