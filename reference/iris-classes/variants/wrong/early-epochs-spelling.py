"""Takes `nb_epoch` from an old book: today's `fit` does not know it and raises a TypeError, so nothing is trained."""

LOSES = ["iris-fit-data", "iris-schedule", "iris-validation"]

# %% [fit]
iris_history = iris_model.fit(
    flowers, one_hot_kinds, batch_size=32, nb_epoch=EPOCHS, validation_split=0.2, verbose=0
)
