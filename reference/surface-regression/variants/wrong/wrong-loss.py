"""Compiles with the mean absolute error, which was the metric in another exercise."""

LOSES = ["first-compile"]

# %% [first-model]
first_model = build_network([5, 5], "relu")
first_model.compile(
    loss="mean_absolute_error", optimizer=keras.optimizers.Adagrad(learning_rate=0.1), steps_per_execution=20
)
first_history = first_model.fit(
    X_train, y_train, batch_size=10, epochs=EPOCHS, validation_split=0.2, verbose=0
)
