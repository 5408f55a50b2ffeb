"""Compiles the sigmoid network with the mean squared error."""

LOSES = ["sigmoid-loss"]

# %% [sigmoid-compile]
sigmoid_model.compile(loss="mean_squared_error", optimizer="sgd", metrics=["accuracy"])
