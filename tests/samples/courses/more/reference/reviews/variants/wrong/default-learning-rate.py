"""Compiles with Adam as it is, with a learning rate of 0.001."""

LOSES = ["compiled"]

# %% [train]
model.compile(optimizer=keras.optimizers.Adam(), loss="binary_crossentropy", metrics=["accuracy"])
model.fit(X_train, train_praise, batch_size=32, epochs=EPOCHS + 0, validation_split=0.2, verbose=0)
