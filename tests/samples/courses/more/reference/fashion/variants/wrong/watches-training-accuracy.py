"""Watches the accuracy on the training images."""

LOSES = ["saves-best"]

# %% [train]
model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
saver = keras.callbacks.ModelCheckpoint("best.keras", monitor="accuracy", save_best_only=True)
model.fit(X_train, train_labels, batch_size=32, epochs=EPOCHS, validation_split=0.1, callbacks=[saver], verbose=0)
