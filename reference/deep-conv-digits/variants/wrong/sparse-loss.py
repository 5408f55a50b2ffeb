"""Takes the sparse loss, which wants digits, with one-hot labels: training stops with an error about shapes."""

LOSES = ["compile-loss", "cnn-batches", "cnn-accuracy", "accuracy-measured", "loss-measured"]
BLOCKS = ["curves", "labels"]

# %% [compile-model]
def compile_model(optimizer):
    model = create_CNN(input_shape, 10)
    model.compile(loss="sparse_categorical_crossentropy", optimizer=optimizer, metrics=["accuracy"])
    return model
