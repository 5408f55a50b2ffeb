"""Takes the sparse loss, which wants digits, with one-hot labels: training stops with an error about shapes."""

LOSES = [
    "compile-loss",
    "adam-batches",
    "adam-accuracy",
    "accuracy-measured",
    "loss-measured",
    "sgd-training",
    "sgd-accuracy",
    "accuracy-gain",
]
BLOCKS = ["curves", "labels"]

# %% [compile-model]
def compile_model(optimizer):
    model = create_DNN((784,), 10)
    model.compile(loss="sparse_categorical_crossentropy", optimizer=optimizer, metrics=["accuracy"])
    return model
