"""Splits validation data from the training data; better practice in general, but not what the task requires."""

LOSES = ["fit-validation"]

# %% [fit]
history = model.fit(X_train, Y_train, epochs=EPOCHS, validation_split=0.1, verbose=2)
