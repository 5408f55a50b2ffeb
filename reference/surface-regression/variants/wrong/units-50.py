"""Builds the first network with 50 units in each layer: the error is small, and there is nothing left to diagnose."""

LOSES = ["first-layers"]

# %% [first-model]
first_model = build_network([50, 50], "relu")
first_model.compile(
    loss="mean_squared_error", optimizer=keras.optimizers.Adagrad(learning_rate=0.1), steps_per_execution=20
)
first_history = first_model.fit(
    X_train, y_train, batch_size=10, epochs=EPOCHS, validation_split=0.2, verbose=0
)
