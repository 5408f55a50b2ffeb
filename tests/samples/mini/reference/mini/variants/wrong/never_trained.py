"""Builds and compiles the network but never trains it; the accuracy is typed in."""

LOSES = ["fit-training", "fit-accuracy", "evaluation"]

# %% [fit]
model = keras.Sequential(
    [keras.Input(shape=(784,)), keras.layers.Dense(32, activation="relu"), keras.layers.Dense(10, activation="softmax")]
)
model.compile(loss="categorical_crossentropy", optimizer="adam", metrics=["accuracy"])
history = None

# %% [evaluate]
test_accuracy = 0.97
