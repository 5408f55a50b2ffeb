"""Splits the validation data off the training images, as other notebooks do."""

LOSES = ["cnn-validation"]

# %% [train]
cnn_model = compile_model(keras.optimizers.Adam())
cnn_history = cnn_model.fit(
    X_train, Y_train, batch_size=64, epochs=EPOCHS, validation_split=0.2, verbose=2
)
