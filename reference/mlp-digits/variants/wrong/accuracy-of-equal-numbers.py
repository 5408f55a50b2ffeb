"""Takes the class `Accuracy`, which counts numbers that are exactly equal: with probabilities it shows 0."""

LOSES = ["sigmoid-optimizer"]

# %% [sigmoid-compile]
sigmoid_model.compile(loss="categorical_crossentropy", optimizer="sgd", metrics=[keras.metrics.Accuracy()])
