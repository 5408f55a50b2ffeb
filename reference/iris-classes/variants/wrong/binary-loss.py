"""Takes the crossentropy for yes-or-no labels."""

LOSES = ["iris-loss"]

# %% [compile]
iris_model.compile(
    loss="binary_crossentropy",
    optimizer=keras.optimizers.Adagrad(learning_rate=0.01),
    metrics=["accuracy"],
    steps_per_execution=4,
)
