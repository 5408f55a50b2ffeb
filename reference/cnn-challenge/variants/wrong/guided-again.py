"""Hands in the guided network and recipe again, with one epoch more: a little better than before, and not enough."""

LOSES = ["challenge-gold"]

# %% [challenge-fit]
challenge_model = keras.models.clone_model(guided_model)
challenge_model.compile(
    loss="categorical_crossentropy", optimizer=keras.optimizers.Adagrad(learning_rate=0.01), metrics=["accuracy"]
)
challenge_history = challenge_model.fit(
    X_train, Y_train, batch_size=100, epochs=EPOCHS + 1, validation_split=0.1, verbose=2
)
