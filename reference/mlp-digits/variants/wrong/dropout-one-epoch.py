"""Copies the call of `fit` from the first networks, with its single epoch, for the network with dropout."""

LOSES = ["dropout-training", "dropout-accuracy"]

# %% [dropout-fit]
dropout_model.compile(loss="categorical_crossentropy", optimizer="sgd", metrics=["accuracy"])
dropout_history = dropout_model.fit(
    X_train, Y_train, batch_size=128, epochs=1, validation_data=(X_test, Y_test), verbose=2
)
