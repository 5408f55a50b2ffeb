"""Gives the optimizer by its name, with today's standard learning rate of 0.001: after 40 epochs little is learned."""

LOSES = ["iris-optimizer"]

# %% [compile]
iris_model.compile(
    loss="categorical_crossentropy",
    optimizer="adagrad",
    metrics=["accuracy"],
    steps_per_execution=4,
)
