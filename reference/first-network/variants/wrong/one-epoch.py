"""Forgets the epochs, of which Keras then makes one."""

LOSES = ["fit-epochs", "model-accuracy"]

# %% [fit]
history = model.fit(X_train, Y_train, batch_size=BATCH_SIZE, verbose=2)
