"""Builds the layers again instead of loading the file: the weights are new."""

LOSES = ["best-accuracy"]

# %% [best]
best = keras.models.clone_model(model)
