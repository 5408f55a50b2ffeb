"""Watches rows of the test set instead of a part of the training rows, as other exercises do: decisions would then be
made by the exam.

With all 250 test rows, as many as a fifth of all rows, the check cannot tell this from a split by hand and withholds.
"""

LOSES = ["first-validation"]

# %% [first-model]
first_model = build_network([5, 5], "relu")
first_model.compile(
    loss="mean_squared_error", optimizer=keras.optimizers.Adagrad(learning_rate=0.1), steps_per_execution=20
)
first_history = first_model.fit(
    X_train, y_train, batch_size=10, epochs=EPOCHS, validation_data=(X_test[:200], y_test[:200]), verbose=0
)
