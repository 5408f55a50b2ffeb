"""Lets the test rows decide when training ends."""

LOSES = ["trained"]

# %% [train]
stopper = keras.callbacks.EarlyStopping(monitor="val_loss", patience=PATIENCE, restore_best_weights=True)
model.fit(X_train, left_train, batch_size=32, epochs=EPOCHS, validation_data=(X_test, left_test),
          callbacks=[stopper], verbose=0)
