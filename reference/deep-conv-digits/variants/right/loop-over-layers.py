"""Adds the layers in a loop, gives the parameters other names and default values, and says `acc` for accuracy."""

# %% [create-cnn]
def create_CNN(shape=(28, 28, 1), classes=10):
    network = keras.Sequential()
    network.add(keras.Input(shape))
    for filters in (10, 20):
        network.add(keras.layers.Conv2D(filters, kernel_size=(5, 5), padding="valid", activation="relu"))
        if filters == 20:
            network.add(keras.layers.Dropout(0.5))
        network.add(keras.layers.MaxPooling2D(pool_size=(2, 2)))
    network.add(keras.layers.Flatten())
    network.add(keras.layers.Dense(320, activation="relu"))
    network.add(keras.layers.Dropout(0.5))
    network.add(keras.layers.Dense(classes, activation="softmax"))
    return network


create_CNN(input_shape, 10).summary()

# %% [compile-model]
def compile_model(rule="adam"):
    network = create_CNN()
    network.compile(rule, "categorical_crossentropy", metrics=["acc"])
    return network

# %% [plots]
figure, fields = plt.subplots(1, 2, figsize=(11, 4))
for field, quantity in zip(fields, ["acc", "loss"]):
    field.plot(cnn_history.history[quantity], label="training")
    field.plot(cnn_history.history["val_" + quantity], label="test")
    field.set_xlabel("epoch")
    field.set_ylabel(quantity)
    field.legend()
plt.show()
