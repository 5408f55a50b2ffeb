"""Gives Adadelta by its name: the learning rate is 0.001 again, and nothing is fixed."""

LOSES = ["mended-rate", "mended-accuracy"]

# %% [mend-adadelta]
Y_train = keras.utils.to_categorical(y_train, 10)
adadelta_model = create_network(X_train, Y_train, "adadelta")
adadelta_model.fit(X_train, Y_train, batch_size=BATCH_SIZE, epochs=EPOCHS, verbose=2)
