"""Trains the sigmoid network without validation data."""

LOSES = ["sigmoid-validation"]

# %% [sigmoid-fit]
sigmoid_history = sigmoid_model.fit(X_train, Y_train, batch_size=128, epochs=1, verbose=2)
