"""Gives the class `Accuracy`, which compares probabilities with labels for equality and shows 0 all the time."""

LOSES = ["iris-loss"]

# %% [compile]
iris_model.compile(
    loss="categorical_crossentropy",
    optimizer=keras.optimizers.Adagrad(learning_rate=0.01),
    metrics=[keras.metrics.Accuracy()],
    steps_per_execution=4,
)
