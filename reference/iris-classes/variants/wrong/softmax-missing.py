"""Forgets softmax in both networks and tells the loss so, which trains well; the outputs are no probabilities."""

LOSES = ["iris-softmax", "predict-probabilities"]

# %% [build]
iris_model = keras.Sequential(
    [
        keras.Input(shape=(4,)),
        keras.layers.Dense(1000, activation="relu"),
        keras.layers.Dense(500, activation="relu"),
        keras.layers.Dense(70, activation="relu"),
        keras.layers.Dense(3),
    ]
)

# %% [compile]
iris_model.compile(
    loss=keras.losses.CategoricalCrossentropy(from_logits=True),
    optimizer=keras.optimizers.Adagrad(learning_rate=0.01),
    metrics=["accuracy"],
    steps_per_execution=4,
)

# %% [mend]
mended_model = keras.Sequential(
    [
        keras.Input(shape=(4,)),
        keras.layers.Dense(20, activation="relu"),
        keras.layers.Dense(3),
    ]
)
mended_model.compile(
    loss=keras.losses.CategoricalCrossentropy(from_logits=True),
    optimizer=keras.optimizers.Adagrad(learning_rate=0.1),
    metrics=["accuracy"],
    steps_per_execution=4,
)
mended_history = mended_model.fit(
    flowers, one_hot_kinds, batch_size=32, epochs=MEND_EPOCHS, validation_split=0.2, verbose=0
)
