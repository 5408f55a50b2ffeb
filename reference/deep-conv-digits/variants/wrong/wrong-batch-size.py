"""Leaves the batch size at the standard value of 32."""

LOSES = ["cnn-batches"]

# %% [train]
cnn_model = compile_model(keras.optimizers.Adam())
cnn_history = cnn_model.fit(
    X_train, Y_train, epochs=EPOCHS, validation_data=(X_test, Y_test), verbose=2
)
