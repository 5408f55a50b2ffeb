"""Calls the step size `lr`, as early versions did: today it is `learning_rate`.

The cell stops there; the later steps are judged with the network compiled correctly.
"""

LOSES = ["sigmoid-optimizer"]

# %% [sigmoid-compile]
sigmoid_model.compile(
    loss="categorical_crossentropy", optimizer=keras.optimizers.SGD(lr=0.01), metrics=["accuracy"]
)
