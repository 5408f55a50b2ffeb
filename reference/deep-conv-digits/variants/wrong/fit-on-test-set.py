"""Trains on the test set, so that the test accuracy says nothing any more."""

LOSES = ["cnn-data"]

# %% [train]
cnn_model = compile_model(keras.optimizers.Adam())
cnn_history = cnn_model.fit(
    X_test, Y_test, batch_size=64, epochs=EPOCHS, validation_data=(X_test, Y_test), verbose=2
)
