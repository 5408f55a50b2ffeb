"""Tells the loss that it gets logits, although the last layer is softmax: training is slower, and nothing says why."""

LOSES = ["iris-loss"]

# %% [compile]
iris_model.compile(
    loss=keras.losses.CategoricalCrossentropy(from_logits=True),
    optimizer=keras.optimizers.Adagrad(learning_rate=0.01),
    metrics=["accuracy"],
    steps_per_execution=4,
)
