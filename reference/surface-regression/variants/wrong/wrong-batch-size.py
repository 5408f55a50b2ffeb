"""Leaves the batch size of the small network at the standard value of 32."""

LOSES = ["first-schedule"]

# %% [first-model]
first_model = build_network([5, 5], "relu")
first_model.compile(
    loss="mean_squared_error", optimizer=keras.optimizers.Adagrad(learning_rate=0.1), steps_per_execution=20
)
first_history = first_model.fit(
    X_train, y_train, epochs=EPOCHS, validation_split=0.2, verbose=0
)
