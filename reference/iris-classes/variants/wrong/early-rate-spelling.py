"""Takes `lr` from an old book: today's optimizers do not know it, so nothing is compiled and nothing can be trained."""

LOSES = ["iris-optimizer"]

# %% [compile]
iris_model.compile(
    loss="categorical_crossentropy",
    optimizer=keras.optimizers.Adagrad(lr=0.01),
    metrics=["accuracy"],
    steps_per_execution=4,
)
