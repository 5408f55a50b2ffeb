"""Trains without validation texts."""

LOSES = ["trained"]

# %% [train]
model.compile(optimizer=keras.optimizers.Adam(0.01), loss="binary_crossentropy", metrics=["accuracy"])
model.fit(X_train, train_praise, batch_size=32, epochs=EPOCHS, verbose=0)
