"""Trains on the test set: a copied line with one word too many changed."""

LOSES = ["fit-data"]

# %% [fit]
history = model.fit(X_test, Y_test, epochs=EPOCHS, validation_data=(X_test, Y_test), verbose=2)
