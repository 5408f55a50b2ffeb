"""Calls the step size `lr`, as early versions did: today it is `learning_rate`.

The cell stops there, and a network that was not compiled cannot be trained or evaluated.
"""

LOSES = ["sigmoid-loss", "sigmoid-optimizer", "sigmoid-batches", "sigmoid-evaluation"]

# %% [sigmoid-compile]
sigmoid_model.compile(
    loss="categorical_crossentropy", optimizer=keras.optimizers.SGD(lr=0.01), metrics=["accuracy"]
)
