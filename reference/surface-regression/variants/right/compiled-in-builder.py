"""Lets `build_network` return a model that is compiled already, with objects for loss and optimizer, and builds the list of layers first."""

# %% [build-network]
def build_network(hidden_units, activation):
    layers = [keras.layers.Dense(units, activation=activation) for units in hidden_units]
    network = keras.Sequential([keras.Input((2,)), *layers, keras.layers.Dense(units=1, activation="linear")])
    network.compile(
        optimizer=keras.optimizers.Adagrad(0.1), loss=keras.losses.MeanSquaredError(), metrics=["mae"],
        steps_per_execution=20,
    )
    return network

# %% [first-model]
first_model = build_network([5, 5], "relu")
first_history = first_model.fit(X_train, y_train, 10, EPOCHS, 0, validation_split=0.2)

# %% [activations]
tanh_model = build_network([5, 5], keras.activations.tanh)
tanh_history = tanh_model.fit(X_train, y_train, 10, EPOCHS, 0, validation_split=0.2)
last = {
    name: history.history["val_loss"][-1] for name, history in [("relu", first_history), ("tanh", tanh_history)]
}
better_activation = min(last, key=last.get)

# %% [mend]
best_model = build_network((100, 100), "relu")
best_history = best_model.fit(
    X_train, y_train, 10, MEND_EPOCHS, 0, validation_split=0.2,
    callbacks=[
        keras.callbacks.TerminateOnNaN(),
        keras.callbacks.EarlyStopping(patience=10, restore_best_weights=True),
    ],
)
