"""Gives the last layer the activation too, since every other line has it: relu cannot give a negative height."""

LOSES = ["linear-output"]

# %% [build-network]
def build_network(hidden_units, activation):
    network = keras.Sequential([keras.Input(shape=(2,))])
    for units in hidden_units:
        network.add(keras.layers.Dense(units, activation=activation))
    network.add(keras.layers.Dense(1, activation=activation))
    return network

# %% [mend]
best_model = keras.Sequential(
    [
        keras.Input(shape=(2,)),
        keras.layers.Dense(100, activation="relu"),
        keras.layers.Dense(100, activation="relu"),
        keras.layers.Dense(1),
    ]
)
best_model.compile(
    loss="mean_squared_error", optimizer=keras.optimizers.Adagrad(learning_rate=0.1), steps_per_execution=20
)
stop_early = keras.callbacks.EarlyStopping(monitor="val_loss", patience=10, restore_best_weights=True)
best_history = best_model.fit(
    X_train, y_train, batch_size=10, epochs=MEND_EPOCHS, validation_split=0.2, callbacks=[stop_early], verbose=0
)
