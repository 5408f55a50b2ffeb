"""Makes the callback and does not hand it to `fit`, which shows no difference while the training goes well."""

LOSES = ["best-early-stopping"]

# %% [mend]
best_model = build_network([100, 100], "relu")
best_model.compile(
    loss="mean_squared_error", optimizer=keras.optimizers.Adagrad(learning_rate=0.1), steps_per_execution=20
)
stop_early = keras.callbacks.EarlyStopping(monitor="val_loss", patience=10, restore_best_weights=True)
best_history = best_model.fit(
    X_train, y_train, batch_size=10, epochs=MEND_EPOCHS, validation_split=0.2, verbose=0
)
