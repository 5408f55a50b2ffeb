"""Takes the sparse loss for one-hot labels: `fit` and `evaluate` raise an error about shapes, and nothing is learned."""

LOSES = ["loss"]

# %% [compile]
model.compile(loss="sparse_categorical_crossentropy", optimizer="sgd", metrics=["accuracy"])
