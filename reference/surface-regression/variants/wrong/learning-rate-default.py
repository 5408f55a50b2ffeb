"""Gives the optimizer by its name, so that it takes today's standard learning rate of 0.001 and the network learns next to nothing."""

LOSES = ["first-compile"]

# %% [first-model]
first_model = build_network([5, 5], "relu")
first_model.compile(
    loss="mean_squared_error", optimizer="adagrad", steps_per_execution=20
)
first_history = first_model.fit(
    X_train, y_train, batch_size=10, epochs=EPOCHS, validation_split=0.2, verbose=0
)
