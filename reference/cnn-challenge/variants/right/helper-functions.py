"""Builds with loops and trains with functions of its own, which return compiled models."""

# %% [guided-build]
def convolutional(filters, window, dense_units, rate, normalize=False):
    """Return convolutions with pooling, a dense layer, dropout, and ten probabilities."""
    network = keras.Sequential([keras.Input((28, 28, 1))])
    if normalize:
        network.add(keras.layers.BatchNormalization())
    for count in filters:
        network.add(keras.layers.Conv2D(count, window, activation="relu"))
        network.add(keras.layers.MaxPooling2D(2))
    network.add(keras.layers.Flatten())
    network.add(keras.layers.Dense(dense_units, activation="relu"))
    network.add(keras.layers.Dropout(rate))
    network.add(keras.layers.Dense(10, activation="softmax"))
    return network


def compiled(network, optimizer):
    network.compile(loss="categorical_crossentropy", optimizer=optimizer, metrics=["accuracy"])
    return network


guided_model = convolutional((4, 16), 5, 100, 0.4, normalize=True)

# %% [guided-compile]
guided_model = compiled(guided_model, keras.optimizers.Adagrad(learning_rate=0.01))

# %% [guided-fit]
def train(network, batch_size, epochs, share):
    history = network.fit(
        X_train, Y_train, batch_size=batch_size, epochs=epochs, validation_split=share, verbose=0
    )
    print(f"validation accuracy {history.history['val_accuracy'][-1]:.4f}")
    return history


guided_history = train(guided_model, 100, EPOCHS, 0.2)

# %% [curves]
def draw(curves, quantity):
    plt.figure()
    plt.plot(curves[quantity], "o-", label="learned from")
    plt.plot(curves["val_" + quantity], "s-", label="split off")
    plt.title(quantity)
    plt.xlabel("epoch")
    plt.legend()
    plt.show()


draw(guided_history.history, "loss")
draw(guided_history.history, "accuracy")
