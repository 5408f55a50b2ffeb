"""Leaves the batch size at Keras's 32; more steps make the accuracy higher, so it does not show."""

LOSES = ["fit-batches"]

# %% [fit]
history = model.fit(X_train, Y_train, epochs=EPOCHS, verbose=2)
