"""Leaves the optimizer out, for which Keras takes rmsprop; the accuracy does not show it."""

LOSES = ["optimizer"]

# %% [compile]
model.compile(loss="categorical_crossentropy", metrics=["accuracy"])
