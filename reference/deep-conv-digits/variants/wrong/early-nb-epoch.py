"""Copies `fit` from a book of 2016, where the number of epochs was called `nb_epoch`: nothing is trained."""

LOSES = ["cnn-data", "cnn-validation", "cnn-batches", "cnn-accuracy"]
BLOCKS = ["curves", "labels"]

# %% [train]
cnn_model = compile_model(keras.optimizers.Adam())
cnn_history = cnn_model.fit(
    X_train, Y_train, batch_size=64, nb_epoch=EPOCHS, validation_data=(X_test, Y_test), verbose=2
)
