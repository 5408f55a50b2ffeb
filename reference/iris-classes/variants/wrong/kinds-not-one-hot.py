"""Leaves the kinds as numbers and makes everything run with the sparse loss instead."""

LOSES = ["kinds-one-hot", "iris-loss"]

# %% [one-hot]
one_hot_kinds = kinds

# %% [compile]
iris_model.compile(
    loss="sparse_categorical_crossentropy",
    optimizer=keras.optimizers.Adagrad(learning_rate=0.01),
    metrics=["accuracy"],
    steps_per_execution=4,
)

# %% [mend]
mended_model = keras.Sequential(
    [
        keras.Input(shape=(4,)),
        keras.layers.Dense(20, activation="relu"),
        keras.layers.Dense(3, activation="softmax"),
    ]
)
mended_model.compile(
    loss="sparse_categorical_crossentropy",
    optimizer=keras.optimizers.Adagrad(learning_rate=0.1),
    metrics=["accuracy"],
    steps_per_execution=4,
)
mended_history = mended_model.fit(
    flowers, one_hot_kinds, batch_size=32, epochs=MEND_EPOCHS, validation_split=0.2, verbose=0
)
