"""Trains on the validation rows only: the slice got its sign wrong."""

LOSES = ["iris-fit-data"]

# %% [fit]
iris_history = iris_model.fit(
    flowers[-30:], one_hot_kinds[-30:], batch_size=32, epochs=EPOCHS, validation_split=0.2, verbose=0
)
