"""Forgets the validation split: Keras warns that there is no `val_loss` to watch, and early stopping never stops."""

LOSES = ["best-validation"]

# %% [mend]
best_model = build_network([100, 100], "relu")
best_model.compile(
    loss="mean_squared_error", optimizer=keras.optimizers.Adagrad(learning_rate=0.1), steps_per_execution=20
)
stop_early = keras.callbacks.EarlyStopping(monitor="val_loss", patience=10, restore_best_weights=True)
best_history = best_model.fit(
    X_train, y_train, batch_size=10, epochs=MEND_EPOCHS, callbacks=[stop_early], verbose=0
)
