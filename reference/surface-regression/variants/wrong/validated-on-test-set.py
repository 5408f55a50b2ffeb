"""Watches the test set instead of a part of the training rows, as other exercises do: decisions would then be made by the exam."""

WITHHOLDS = ["first-validation"]

# %% [first-model]
first_model = build_network([5, 5], "relu")
first_model.compile(
    loss="mean_squared_error", optimizer=keras.optimizers.Adagrad(learning_rate=0.1), steps_per_execution=20
)
first_history = first_model.fit(
    X_train, y_train, batch_size=10, epochs=EPOCHS, validation_data=(X_test, y_test), verbose=0
)
