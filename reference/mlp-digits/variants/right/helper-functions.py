"""Builds and trains with functions of its own, calls the metric `acc`, keeps histories as dicts, draws two figures."""

# %% [sigmoid-build]
def create_network(activation, rate=None):
    network = keras.Sequential([keras.Input((784,))])
    for _ in range(2):
        network.add(keras.layers.Dense(512, activation=activation))
        if rate:
            network.add(keras.layers.Dropout(rate))
    network.add(keras.layers.Dense(10, activation="softmax"))
    return network


def train(network, epochs):
    settings = {"batch_size": 128, "epochs": epochs, "verbose": 0}
    return network.fit(X_train, Y_train, validation_data=(X_test, Y_test), **settings).history


sigmoid_model = create_network("sigmoid")

# %% [sigmoid-compile]
settings = {"loss": "categorical_crossentropy", "optimizer": "sgd", "metrics": ["acc"]}
sigmoid_model.compile(**settings)

# %% [sigmoid-fit]
sigmoid_history = train(sigmoid_model, 1)

# %% [relu-build]
relu_model = create_network("relu")

# %% [relu-compile]
relu_model.compile(**settings)

# %% [relu-fit]
relu_history = train(relu_model, 1)
relu_loss, relu_accuracy = relu_model.evaluate(X_test, Y_test, verbose=0)

# %% [relu-ten]
relu_ten_model = create_network("relu")
relu_ten_model.compile(**settings)
relu_ten_history = train(relu_ten_model, EPOCHS)

# %% [dropout-build]
dropout_model = create_network("relu", rate=0.2)

# %% [dropout-fit]
dropout_model.compile(**settings)
dropout_history = train(dropout_model, EPOCHS)

# %% [plots]
for quantity in ["acc", "loss"]:
    plt.figure()
    for name, history in {"ReLU": relu_ten_history, "dropout": dropout_history}.items():
        plt.plot(history[quantity], label=name)
        plt.plot(history["val_" + quantity], label=name + ", test")
    plt.xlabel("epoch")
    plt.ylabel(quantity)
    plt.legend()
    plt.show()
