"""Forgets `epochs`, so that Keras trains for one."""

LOSES = ["adam-batches", "adam-accuracy"]

# %% [train]
adam_model = compile_model(keras.optimizers.Adam())
adam_history = adam_model.fit(
    X_train, Y_train, batch_size=64, validation_data=(X_test, Y_test), verbose=2
)
