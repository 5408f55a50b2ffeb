"""Writes the units of the small network into the function and never looks at `hidden_units`: it works until somebody asks for others."""

LOSES = ["uses-units"]

# %% [build-network]
def build_network(hidden_units, activation):
    return keras.Sequential(
        [
            keras.Input(shape=(2,)),
            keras.layers.Dense(5, activation=activation),
            keras.layers.Dense(5, activation=activation),
            keras.layers.Dense(1),
        ]
    )

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
