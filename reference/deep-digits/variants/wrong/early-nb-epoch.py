"""Copies `fit` from a book of 2016, where the number of epochs was called `nb_epoch`: nothing is trained."""

LOSES = ["adam-data", "adam-batches", "adam-accuracy"]
BLOCKS = ["curves", "labels"]

# %% [train]
adam_model = compile_model(keras.optimizers.Adam())
adam_history = adam_model.fit(
    X_train, Y_train, batch_size=64, nb_epoch=EPOCHS, validation_data=(X_test, Y_test), verbose=2
)
