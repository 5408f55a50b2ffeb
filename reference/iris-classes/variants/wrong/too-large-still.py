"""Takes off a layer and some units and leaves it at that: 62,303 parameters, no dropout, no regularizer."""

LOSES = ["mended-remedy"]

# %% [mend]
mended_model = keras.Sequential(
    [
        keras.Input(shape=(4,)),
        keras.layers.Dense(300, activation="relu"),
        keras.layers.Dense(200, activation="relu"),
        keras.layers.Dense(3, activation="softmax"),
    ]
)
mended_model.compile(
    loss="categorical_crossentropy",
    optimizer=keras.optimizers.Adagrad(learning_rate=0.02),
    metrics=["accuracy"],
    steps_per_execution=4,
)
mended_history = mended_model.fit(
    flowers, one_hot_kinds, batch_size=32, epochs=MEND_EPOCHS, validation_split=0.2, verbose=0,
    callbacks=[keras.callbacks.EarlyStopping(monitor="val_loss", patience=20, restore_best_weights=True)],
)
