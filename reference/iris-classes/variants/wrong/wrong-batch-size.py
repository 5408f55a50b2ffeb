"""Takes batches of 10, as in another exercise."""

LOSES = ["iris-schedule"]

# %% [fit]
iris_history = iris_model.fit(
    flowers, one_hot_kinds, batch_size=10, epochs=EPOCHS, validation_split=0.2, verbose=0
)
