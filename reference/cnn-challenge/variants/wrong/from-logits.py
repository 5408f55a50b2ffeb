"""Tells the loss that it gets logits although the last layer is softmax: the gradient is that of something else."""

LOSES = ["guided-loss"]

# %% [guided-compile]
guided_model.compile(
    loss=keras.losses.CategoricalCrossentropy(from_logits=True),
    optimizer=keras.optimizers.Adagrad(learning_rate=0.01),
    metrics=["accuracy"],
)
