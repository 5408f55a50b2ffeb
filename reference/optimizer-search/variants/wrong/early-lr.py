"""Says `lr`, which older versions took for `learning_rate`: the cell fails before there is a network."""

LOSES = ["mended-rate", "mended-training", "mended-accuracy"]

# %% [mend-adadelta]
Y_train = keras.utils.to_categorical(y_train, 10)
adadelta_model = create_network(X_train, Y_train, keras.optimizers.Adadelta(lr=1.0))
adadelta_model.fit(X_train, Y_train, batch_size=BATCH_SIZE, epochs=EPOCHS, verbose=2)
