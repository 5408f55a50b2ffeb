"""Compiles with the accuracy as the only metric, as for balanced classes."""

LOSES = ["compiled"]

# %% [compile]
model.compile(optimizer="adam", loss="binary_crossentropy", metrics=["accuracy"])
