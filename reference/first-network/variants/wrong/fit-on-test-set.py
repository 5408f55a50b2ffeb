"""Trains on the test set: a copied line with one word too many changed."""

LOSES = ["fit-data", "model-accuracy"]

# %% [fit]
history = model.fit(X_test, Y_test, batch_size=BATCH_SIZE, epochs=EPOCHS, verbose=2)
