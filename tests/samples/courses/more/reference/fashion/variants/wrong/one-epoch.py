"""Trains for one epoch: a number from trying the notebook out stayed."""

LOSES = ["trained", "best-accuracy"]

# %% [train]
model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
saver = keras.callbacks.ModelCheckpoint("best.keras", monitor="val_accuracy", save_best_only=True)
model.fit(X_train, train_labels, batch_size=32, epochs=1, validation_split=0.1, callbacks=[saver], verbose=0)
