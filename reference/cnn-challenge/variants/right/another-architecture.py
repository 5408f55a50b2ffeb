"""Answers the open task with another network: three convolutions, no hidden dense layer, early stopping, a nickname."""

# %% [challenge-fit]
challenge_model = keras.Sequential(
    [
        keras.Input(shape=(28, 28, 1)),
        keras.layers.Conv2D(8, 5, activation="relu"),
        keras.layers.MaxPooling2D(2),
        keras.layers.Conv2D(16, 3, activation="relu"),
        keras.layers.Conv2D(32, 3, activation="relu"),
        keras.layers.MaxPooling2D(2),
        keras.layers.Flatten(),
        keras.layers.Dropout(0.3),
        keras.layers.Dense(10, activation="softmax"),
    ]
)
challenge_model.compile(
    loss="categorical_crossentropy", optimizer=keras.optimizers.Adam(learning_rate=0.003), metrics=["accuracy"]
)
stop = keras.callbacks.EarlyStopping(monitor="val_accuracy", patience=4, restore_best_weights=True)
challenge_history = challenge_model.fit(
    X_train, Y_train, batch_size=64, epochs=BUDGET_EPOCHS, validation_split=0.1, callbacks=[stop], verbose=2
)

# %% [challenge-name]
leaderboard_name = "Filters & co."
