"""Builds the network for Adadelta and continues training the winner of the search."""

LOSES = ["mended-training", "mended-accuracy"]

# %% [mend-adadelta]
Y_train = keras.utils.to_categorical(y_train, 10)
adadelta_model = create_network(X_train, Y_train, keras.optimizers.Adadelta(learning_rate=1.0))
best_model.fit(X_train, Y_train, batch_size=BATCH_SIZE, epochs=EPOCHS, verbose=2)
