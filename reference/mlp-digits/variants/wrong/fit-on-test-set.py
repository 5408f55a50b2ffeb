"""Trains the sigmoid network on the test set."""

LOSES = ["sigmoid-fit-data"]

# %% [sigmoid-fit]
sigmoid_history = sigmoid_model.fit(
    X_test, Y_test, batch_size=128, epochs=1, validation_data=(X_test, Y_test), verbose=2
)
