"""Cuts the validation rows off by hand and then splits once more: a fifth of the flowers is never used for anything."""

LOSES = ["mended-data"]

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
    flowers[:120], one_hot_kinds[:120], batch_size=32, epochs=MEND_EPOCHS, validation_split=0.2, verbose=0
)
