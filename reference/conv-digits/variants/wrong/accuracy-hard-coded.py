"""Types the number that was hoped for instead of the one that came out."""

LOSES = ["accuracy"]

# %% [accuracy]
test_accuracy = 0.99
