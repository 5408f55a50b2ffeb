"""Answers the open task without any convolution, trained for two epochs with plain SGD."""

LOSES = ["challenge-bronze", "challenge-silver", "challenge-gold"]

# %% [challenge-fit]
challenge_model = keras.Sequential(
    [
        keras.Input(shape=(28, 28, 1)),
        keras.layers.Flatten(),
        keras.layers.Dense(30, activation="relu"),
        keras.layers.Dense(10, activation="softmax"),
    ]
)
challenge_model.compile(loss="categorical_crossentropy", optimizer="sgd", metrics=["accuracy"])
challenge_history = challenge_model.fit(X_train, Y_train, batch_size=64, epochs=2, validation_split=0.1, verbose=2)
