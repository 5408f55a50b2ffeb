"""Forgets `epochs`, so that Keras trains for one."""

LOSES = ["cnn-batches", "cnn-accuracy"]

# %% [train]
cnn_model = compile_model(keras.optimizers.Adam())
cnn_history = cnn_model.fit(
    X_train, Y_train, batch_size=64, validation_data=(X_test, Y_test), verbose=2
)
