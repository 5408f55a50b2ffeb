"""Trains the small network on the test measurements."""

LOSES = ["first-data"]

# %% [first-model]
first_model = build_network([5, 5], "relu")
first_model.compile(
    loss="mean_squared_error", optimizer=keras.optimizers.Adagrad(learning_rate=0.1), steps_per_execution=20
)
first_history = first_model.fit(
    X_test, y_test, batch_size=10, epochs=EPOCHS, validation_split=0.2, verbose=0
)
