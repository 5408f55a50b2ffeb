"""Pastes the weights of another network, which has learned for longer than the budget allows, into a fresh one.

The accuracy is real, but the work is not what the task requires: bronze stays, silver and gold do not.
"""

LOSES = ["challenge-epochs"]
BLOCKS = ["challenge-silver", "challenge-gold"]

# %% [challenge-fit]
teacher = keras.Sequential(
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
teacher.compile(
    loss="categorical_crossentropy", optimizer=keras.optimizers.Adam(learning_rate=0.002), metrics=["accuracy"]
)
challenge_history = teacher.fit(
    X_train, Y_train, batch_size=64, epochs=BUDGET_EPOCHS + 4, validation_split=0.1, verbose=2
)
challenge_model = keras.models.clone_model(teacher)
challenge_model.set_weights(teacher.get_weights())
challenge_model.compile(loss="categorical_crossentropy", optimizer="adam", metrics=["accuracy"])
