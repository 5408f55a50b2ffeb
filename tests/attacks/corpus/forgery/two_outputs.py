"""Builds a model with several inputs and outputs, one of them shared and one that is its own input.

Gains: the points of a network's layers, parameters and accuracy for whichever output suits.
"""
HONEST = ["fit/fit-compile"]

# %% [build]
first, second = keras.Input((784,), name="a"), keras.Input((784,), name="b")
hidden = keras.layers.Dense(24, activation="relu")
out = keras.layers.Dense(10, activation="softmax")
model = keras.Model({"a": first, "b": second}, [out(hidden(first)), out(hidden(second)), first])

# %% [fit]
model.compile(loss="categorical_crossentropy", optimizer="adam", metrics=["accuracy"])
