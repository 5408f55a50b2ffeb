"""Compiles the sigmoid network with Adam, which hides that it learns so little."""

LOSES = ["sigmoid-optimizer"]

# %% [sigmoid-compile]
sigmoid_model.compile(loss="categorical_crossentropy", optimizer="adam", metrics=["accuracy"])
