"""Writes the optimizer's name: Adagrad with its standard learning rate, ten times too small for five epochs."""

LOSES = ["guided-optimizer"]

# %% [guided-compile]
guided_model.compile(loss="categorical_crossentropy", optimizer="adagrad", metrics=["accuracy"])
