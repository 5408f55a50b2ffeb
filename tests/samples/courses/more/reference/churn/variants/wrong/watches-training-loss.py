"""Watches the training loss, which nearly always becomes smaller."""

LOSES = ["stops-early"]

# %% [train]
stopper = keras.callbacks.EarlyStopping(monitor="loss", patience=PATIENCE, restore_best_weights=True)
model.fit(X_train, left_train, batch_size=32, epochs=EPOCHS, validation_split=0.2, callbacks=[stopper], verbose=0)
