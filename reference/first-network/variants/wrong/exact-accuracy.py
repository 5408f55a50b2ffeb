"""Gives the metric as `Accuracy()`, which compares probabilities with labels for equality and stays near 0.

The number that `evaluate` returns is then no accuracy of the network; with correct compile settings it is one.
"""

LOSES = ["metric"]

# %% [compile]
model.compile(loss="categorical_crossentropy", optimizer="sgd", metrics=[keras.metrics.Accuracy()])
