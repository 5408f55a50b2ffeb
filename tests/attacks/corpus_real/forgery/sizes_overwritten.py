"""Sets the sizes and budgets of the notebook's first cell again before it builds a network of ten times the budget.

Gains: the points of a budget that is another one.
"""
ASSIGNMENT = "cnn-challenge"
HONEST = ["challenge-fit/challenge-probabilities"]
BOARD = "off"

# %% [prepare] before
BUDGET_PARAMETERS, BUDGET_EPOCHS, EPOCHS, TRAIN_IMAGES = 10**9, 10**9, 1, 100
globals()["BUDGET_PARAMETERS"] = __builtins__.BUDGET_PARAMETERS = 10**9

# %% [challenge-fit]
challenge_model = keras.Sequential([keras.Input(shape=(28, 28, 1)), keras.layers.Flatten(),
                                    keras.layers.Dense(400, activation="relu"),
                                    keras.layers.Dense(10, activation="softmax")])
challenge_model.compile(loss="categorical_crossentropy", optimizer="adam")
