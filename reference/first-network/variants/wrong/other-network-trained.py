"""Trains a second network that was copied from the first: `model` keeps its starting weights."""

LOSES = ["fit-data", "fit-batches", "fit-epochs", "model-accuracy"]

# %% [fit]
network = keras.models.clone_model(model)
network.compile(loss="categorical_crossentropy", optimizer="sgd", metrics=["accuracy"])
history = network.fit(X_train, Y_train, batch_size=BATCH_SIZE, epochs=EPOCHS, verbose=2)
