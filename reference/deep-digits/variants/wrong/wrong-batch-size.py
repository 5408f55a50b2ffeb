"""Leaves the batch size at the standard value of 32."""

LOSES = ["adam-batches"]

# %% [train]
adam_model = compile_model(keras.optimizers.Adam())
adam_history = adam_model.fit(
    X_train, Y_train, epochs=EPOCHS, validation_data=(X_test, Y_test), verbose=2
)
