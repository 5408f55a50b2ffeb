"""Copies `fit` from a book of 2016, where the number of epochs was called `nb_epoch`: today it is `epochs`."""

LOSES = ["sigmoid-fit-data", "sigmoid-validation", "sigmoid-batches"]

# %% [sigmoid-fit]
sigmoid_history = sigmoid_model.fit(
    X_train, Y_train, batch_size=128, nb_epoch=1, validation_data=(X_test, Y_test), verbose=2
)
