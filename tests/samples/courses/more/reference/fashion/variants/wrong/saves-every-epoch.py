"""Saves after every epoch, so that the file has the last network."""

LOSES = ["saves-best"]

# %% [train]
model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
saver = keras.callbacks.ModelCheckpoint("best.keras", monitor="val_accuracy")
model.fit(X_train, train_labels, batch_size=32, epochs=EPOCHS, validation_split=0.1, callbacks=[saver], verbose=0)
