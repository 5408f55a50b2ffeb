"""Improves it with dropout, and scales the lengths by the statistics of the training flowers, in the function too."""

# %% [mend]
mean, deviation = flowers[:120].mean(axis=0), flowers[:120].std(axis=0)
scaled = (flowers - mean) / deviation
mended_model = keras.Sequential(
    [
        keras.Input(shape=(4,)),
        keras.layers.Dense(32, activation="relu"),
        keras.layers.Dropout(0.2),
        keras.layers.Dense(3, activation="softmax"),
    ]
)
mended_model.compile(
    loss="categorical_crossentropy", optimizer=keras.optimizers.Adagrad(learning_rate=0.1), metrics=["accuracy"],
    steps_per_execution=4,
)
mended_history = mended_model.fit(
    scaled, one_hot_kinds, batch_size=32, epochs=MEND_EPOCHS, validation_split=0.2, verbose=0
)

# %% [predict-flowers]
def predict_flowers(measurements):
    return mended_model.predict((measurements - mean) / deviation, verbose=0)
