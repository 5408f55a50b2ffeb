"""Writes a network of no worth and takes the nickname of another in other letters, with marks that turn the text.

Gains: another's place on the leaderboard, or the rank of a network that nobody trained.
"""
ASSIGNMENT = "cnn-challenge"
HONEST = ["challenge-name", "challenge-fit/challenge-parameters", "challenge-fit/challenge-probabilities"]
BOARD = "off"
NICKNAME = "An h\u043enest network"

# %% [challenge-fit]
challenge_model = keras.Sequential([keras.Input(shape=(28, 28, 1)), keras.layers.Flatten(),
                                    keras.layers.Dense(10, activation="softmax")])
challenge_model.compile(loss="categorical_crossentropy", optimizer="adam")

# %% [challenge-name]
leaderboard_name = "An h\u043enest network"
