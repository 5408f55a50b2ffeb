"""Trains a network under another name and keeps `cnn_model` with its starting weights."""

LOSES = ["cnn-data", "cnn-validation", "cnn-batches", "cnn-accuracy"]

# %% [train]
model = compile_model(keras.optimizers.Adam())
cnn_model = compile_model(keras.optimizers.Adam())
cnn_history = model.fit(
    X_train, Y_train, batch_size=64, epochs=EPOCHS, validation_data=(X_test, Y_test), verbose=2
)
