"""Trains with RMSprop, which an earlier example used."""

LOSES = ["cnn-optimizer"]

# %% [train]
cnn_model = compile_model(keras.optimizers.RMSprop())
cnn_history = cnn_model.fit(
    X_train, Y_train, batch_size=64, epochs=EPOCHS, validation_data=(X_test, Y_test), verbose=2
)
