"""Takes the sparse loss, which wants digits, with one-hot labels: training stops with an error about shapes."""

LOSES = ["sigmoid-loss"]

# %% [sigmoid-compile]
sigmoid_model.compile(loss="sparse_categorical_crossentropy", optimizer="sgd", metrics=["accuracy"])
