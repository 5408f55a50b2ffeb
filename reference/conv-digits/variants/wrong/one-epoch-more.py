"""Runs `fit` twice, as it happens in a notebook: the epochs of one model add up."""

LOSES = ["fit-epochs"]

# %% [fit]
model.fit(X_train, Y_train, epochs=1, validation_data=(X_test, Y_test), verbose=2)
history = model.fit(X_train, Y_train, epochs=EPOCHS, validation_data=(X_test, Y_test), verbose=2)
