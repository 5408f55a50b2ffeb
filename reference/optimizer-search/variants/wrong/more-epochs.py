"""Trains the mended network for four epochs, which proves more than one epoch does and is not what was asked for."""

LOSES = ["mended-training"]

# %% [mend-adadelta]
Y_train = keras.utils.to_categorical(y_train, 10)
adadelta_model = create_network(X_train, Y_train, keras.optimizers.Adadelta(learning_rate=1.0))
adadelta_model.fit(X_train, Y_train, batch_size=BATCH_SIZE, epochs=4, verbose=2)
