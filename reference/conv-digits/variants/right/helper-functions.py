"""Builds the layers in a loop inside a function that returns the network compiled already."""

# %% [build]
def create_network(filters, size, pool):
    layers = [
        keras.layers.Conv2D(filters, size),
        keras.layers.MaxPooling2D(pool),
        keras.layers.Flatten(),
        keras.layers.Dense(10, activation="softmax"),
    ]
    network = keras.Sequential()
    network.add(keras.Input((28, 28, 1)))
    for layer in layers:
        network.add(layer)
    network.compile("adam", "categorical_crossentropy", metrics=["acc"])
    return network


model = create_network(num_filters, filter_size, pool_size)

# %% [compile]
print("compiled already, with", model.optimizer.name)

# %% [fit]
history = model.fit(X_train, Y_train, epochs=3 if EPOCHS == 3 else EPOCHS, validation_data=(X_test, Y_test), verbose=0)
for number, accuracy in enumerate(history.history["val_acc"], start=1):
    print(number, accuracy)
