"""Trains the first network with RMSprop, which an earlier example used."""

LOSES = ["adam-optimizer"]

# %% [train]
adam_model = compile_model(keras.optimizers.RMSprop())
adam_history = adam_model.fit(
    X_train, Y_train, batch_size=64, epochs=EPOCHS, validation_data=(X_test, Y_test), verbose=2
)
