"""Trains the own network without a validation split: it learns from the validation flowers too."""

LOSES = ["mended-validation"]

# %% [mend]
mended_model = keras.Sequential(
    [
        keras.Input(shape=(4,)),
        keras.layers.Dense(20, activation="relu"),
        keras.layers.Dense(3, activation="softmax"),
    ]
)
mended_model.compile(
    loss="categorical_crossentropy",
    optimizer=keras.optimizers.Adagrad(learning_rate=0.1),
    metrics=["accuracy"],
    steps_per_execution=4,
)
mended_history = mended_model.fit(
    flowers, one_hot_kinds, batch_size=32, epochs=MEND_EPOCHS, validation_data=(flowers, one_hot_kinds), verbose=0
)
