"""Watches `keras.metrics.Accuracy()`, which asks whether a probability *equals* a label: it stays near 0."""

LOSES = ["guided-loss"]

# %% [guided-compile]
guided_model.compile(
    loss="categorical_crossentropy",
    optimizer=keras.optimizers.Adagrad(learning_rate=0.01),
    metrics=[keras.metrics.Accuracy()],
)
