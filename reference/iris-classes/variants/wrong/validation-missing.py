"""Trains the large network without validation data: overfitting cannot be seen any more."""

LOSES = ["iris-validation"]

# %% [fit]
iris_history = iris_model.fit(
    flowers, one_hot_kinds, batch_size=32, epochs=EPOCHS, verbose=0
)
