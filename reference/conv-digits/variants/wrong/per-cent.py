"""Gives the accuracy in per cent, with two decimals of a per cent."""

LOSES = ["accuracy", "two-decimals"]

# %% [accuracy]
_, accuracy = model.evaluate(X_test, Y_test, verbose=0)
test_accuracy = round(100 * accuracy, 2)
