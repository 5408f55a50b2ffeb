"""Trains on standardized lengths and forgets to standardize in the function: the network gets other flowers."""

LOSES = ["flowers-loss"]

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
    (flowers - flowers.mean(axis=0)) / flowers.std(axis=0), one_hot_kinds, batch_size=32, epochs=MEND_EPOCHS,
    validation_split=0.2, verbose=0
)
