"""Gives one optimizer to two networks: Keras stops with "Unknown variable" when the second one is trained."""

LOSES = ["cnn-batches", "cnn-accuracy"]
BLOCKS = ["curves", "labels"]

# %% [train]
optimizer = keras.optimizers.Adam()
trial = compile_model(optimizer)
trial.fit(X_train[:640], Y_train[:640], batch_size=64, verbose=0)
cnn_model = compile_model(optimizer)
cnn_history = cnn_model.fit(
    X_train, Y_train, batch_size=64, epochs=EPOCHS, validation_data=(X_test, Y_test), verbose=2
)
