"""Writes `nb_epoch`, as books before Keras 2 do; `fit` refuses it, and the network stays untrained."""

LOSES = ["fit-data", "fit-epochs", "fit-validation", "model-accuracy"]

# %% [fit]
history = model.fit(X_train, Y_train, nb_epoch=EPOCHS, validation_data=(X_test, Y_test), verbose=2)
