"""Replaces the small network by three layers with L2 regularizers."""

# %% [mend]
best_model = keras.Sequential(
    [
        keras.Input(shape=(2,)),
        keras.layers.Dense(64, activation="relu", kernel_regularizer=keras.regularizers.L2(1e-4)),
        keras.layers.Dense(64, activation="relu", kernel_regularizer=keras.regularizers.L2(1e-4)),
        keras.layers.Dense(32, activation="relu"),
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
