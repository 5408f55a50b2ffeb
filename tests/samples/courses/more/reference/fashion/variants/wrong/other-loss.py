"""Compiles with categorical crossentropy, after making rows with a single 1 of the labels: the task has numbers."""

LOSES = ["compiled", "trained"]

# %% [train]
model.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"])
saver = keras.callbacks.ModelCheckpoint("best.keras", monitor="val_accuracy", save_best_only=True)
rows = keras.utils.to_categorical(train_labels, 10)
model.fit(X_train, rows, batch_size=32, epochs=EPOCHS, validation_split=0.1, callbacks=[saver], verbose=0)
