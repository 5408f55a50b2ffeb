"""Leaves the batch size of the sigmoid network at the standard value of 32."""

LOSES = ["sigmoid-batches"]

# %% [sigmoid-fit]
sigmoid_history = sigmoid_model.fit(X_train, Y_train, epochs=1, validation_data=(X_test, Y_test), verbose=2)
