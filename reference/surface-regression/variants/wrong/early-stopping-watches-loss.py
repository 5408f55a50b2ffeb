"""Lets early stopping watch the training loss, which keeps falling while a network learns its rows by heart."""

LOSES = ["best-early-stopping"]

# %% [mend]
best_model = build_network([100, 100], "relu")
best_model.compile(
    loss="mean_squared_error", optimizer=keras.optimizers.Adagrad(learning_rate=0.1), steps_per_execution=20
)
stop_early = keras.callbacks.EarlyStopping(monitor="loss", patience=10, restore_best_weights=True)
best_history = best_model.fit(
    X_train, y_train, batch_size=10, epochs=MEND_EPOCHS, validation_split=0.2, callbacks=[stop_early], verbose=0
)
