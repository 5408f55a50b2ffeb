"""Writes `nb_epoch`, as books before Keras 2 do; `fit` refuses it, and the network stays untrained."""

LOSES = ["fit-data", "fit-batches", "fit-epochs", "model-accuracy"]

# %% [fit]
history = model.fit(X_train, Y_train, batch_size=BATCH_SIZE, nb_epoch=EPOCHS, verbose=2)
