"""Trains the fixed network for four epochs, which is more convincing than one epoch but not what the task requires."""

LOSES = ["mended-training"]

# %% [mend-adadelta]
Y_train = keras.utils.to_categorical(y_train, 10)
adadelta_model = create_network(X_train, Y_train, keras.optimizers.Adadelta(learning_rate=1.0))
adadelta_model.fit(X_train, Y_train, batch_size=BATCH_SIZE, epochs=4, verbose=2)
