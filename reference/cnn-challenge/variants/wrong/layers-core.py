"""Imports from `keras.layers.core`, a module of Keras 1: the cell fails, and there is no network of one's own."""

LOSES = [
    "challenge-parameters",
    "challenge-epochs",
    "challenge-data",
    "challenge-validation",
    "challenge-probabilities",
    "challenge-bronze",
]
BLOCKS = ["challenge-silver", "challenge-gold"]

# %% [challenge-fit]
from keras.layers.core import Dense, Dropout, Flatten

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
challenge_history = challenge_model.fit(
    X_train, Y_train, batch_size=64, epochs=BUDGET_EPOCHS, validation_split=0.1, verbose=2
)
