"""Stops when the validation loss has not risen: the direction is the wrong one."""

LOSES = ["callbacks-stop", "fit-stops"]

# %% [callbacks]
def make_callbacks(patience):
    stop = keras.callbacks.EarlyStopping(patience=patience, mode="max")
    return stop, keras.callbacks.ReduceLROnPlateau(factor=0.5)
