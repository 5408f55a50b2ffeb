"""Divides the labels by 255 like the pixels: every digit becomes class 0."""

LOSES = ["mended-labels", "mended-accuracy"]

# %% [mend-adadelta]
Y_train = keras.utils.to_categorical(y_train / 255, 10)
adadelta_model = create_network(X_train, Y_train, keras.optimizers.Adadelta(learning_rate=1.0))
adadelta_model.fit(X_train, Y_train, batch_size=BATCH_SIZE, epochs=EPOCHS, verbose=2)
