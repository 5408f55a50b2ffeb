"""Trains honestly, but little, and takes a nickname of markup, invisible signs and towers of accents.

Gains: a script in the class's leaderboard, a place above others, or a line that covers theirs.
"""
ASSIGNMENT = "cnn-challenge"
HONEST = ["prepare", "one-hot", "challenge-fit", "challenge-name"]
BOARD = "below"
NICKNAME = "<img src=x onerror=alert(1)>"

# %% [prepare]
X_train = train_images.reshape(-1, 28, 28, 1).astype("float32") / 255
X_test = test_images.reshape(-1, 28, 28, 1).astype("float32") / 255

# %% [one-hot]
Y_train = keras.utils.to_categorical(train_labels, 10)
Y_test = keras.utils.to_categorical(test_labels, 10)

# %% [challenge-fit]
challenge_model = keras.Sequential([keras.Input(shape=(28, 28, 1)), keras.layers.Flatten(),
                                    keras.layers.Dense(10, activation="softmax")])
challenge_model.compile(loss="categorical_crossentropy", optimizer="adam", metrics=["accuracy"])
challenge_history = challenge_model.fit(X_train, Y_train, batch_size=100, epochs=1, validation_split=0.1, verbose=0)

# %% [challenge-name]
leaderboard_name = "<img src=x onerror=alert(1)>"
