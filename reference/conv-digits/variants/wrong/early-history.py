"""Looks for `val_acc` in the history, where early versions of Keras put it: a KeyError, and no accuracy."""

LOSES = ["accuracy", "two-decimals"]

# %% [accuracy]
test_accuracy = round(history.history["val_acc"][-1], 2)
