"""Gives the learning rate as `lr`, as it was called in early versions: there is no network to train."""

LOSES = [
    "cnn-optimizer",
    "cnn-data",
    "cnn-validation",
    "cnn-batches",
    "cnn-accuracy",
    "accuracy-measured",
    "loss-measured",
    "predicted-labels",
    "least-sure",
]
BLOCKS = ["curves", "labels"]

# %% [train]
cnn_model = compile_model(keras.optimizers.Adam(lr=0.001))
cnn_history = cnn_model.fit(
    X_train, Y_train, batch_size=64, epochs=EPOCHS, validation_data=(X_test, Y_test), verbose=2
)
