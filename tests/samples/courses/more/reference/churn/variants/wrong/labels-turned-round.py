"""Trains on 1 for those who stay, so that the network answers the opposite question."""

LOSES = ["trained", "auc"]

# %% [train]
stopper = keras.callbacks.EarlyStopping(monitor="val_loss", patience=PATIENCE, restore_best_weights=True)
stays = 1 - left_train
model.fit(X_train, stays, batch_size=32, epochs=EPOCHS, validation_split=0.2, callbacks=[stopper], verbose=0)
