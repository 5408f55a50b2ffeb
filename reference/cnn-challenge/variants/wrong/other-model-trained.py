"""Builds `challenge_model` and continues training `guided_model`: the new network keeps its starting weights."""

LOSES = ["challenge-epochs", "challenge-data", "challenge-validation", "challenge-bronze"]
BLOCKS = ["challenge-silver", "challenge-gold"]

# %% [challenge-fit]
challenge_model = keras.Sequential(
    [
        keras.Input(shape=(28, 28, 1)),
        keras.layers.Conv2D(12, 3, activation="relu"),
        keras.layers.MaxPooling2D(2),
        keras.layers.Conv2D(24, 3, activation="relu"),
        keras.layers.MaxPooling2D(2),
        keras.layers.Flatten(),
        keras.layers.Dropout(0.2),
        keras.layers.Dense(40, activation="relu"),
        keras.layers.Dense(10, activation="softmax"),
    ]
)
challenge_model.compile(
    loss="categorical_crossentropy", optimizer=keras.optimizers.Adam(learning_rate=0.002), metrics=["accuracy"]
)
challenge_history = guided_model.fit(
    X_train, Y_train, batch_size=64, epochs=BUDGET_EPOCHS, validation_split=0.1, verbose=2
)
