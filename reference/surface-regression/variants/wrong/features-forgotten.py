"""Trains on inputs scaled by 4 and forgets to scale the points in the function: the network gets other places."""

LOSES = ["surface-error"]

# %% [mend]
best_model = build_network([100, 100], "relu")
best_model.compile(
    loss="mean_squared_error", optimizer=keras.optimizers.Adagrad(learning_rate=0.1), steps_per_execution=20
)
stop_early = keras.callbacks.EarlyStopping(monitor="val_loss", patience=10, restore_best_weights=True)
best_history = best_model.fit(
    X_train / 4, y_train, batch_size=10, epochs=MEND_EPOCHS, validation_split=0.2, callbacks=[stop_early], verbose=0
)
