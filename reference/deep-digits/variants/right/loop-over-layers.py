"""Adds the layers in a loop, gives the parameters other names and default values, and says `acc` for accuracy."""

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

# %% [plots]
figure, fields = plt.subplots(1, 2, figsize=(11, 4))
for field, quantity in zip(fields, ["acc", "loss"]):
    field.plot(adam_history.history[quantity], label="training")
    field.plot(adam_history.history["val_" + quantity], label="test")
    field.set_xlabel("epoch")
    field.set_ylabel(quantity)
    field.legend()
plt.show()
