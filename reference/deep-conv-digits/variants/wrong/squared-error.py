"""Compiles with the mean squared error, the loss of the first lesson on regression."""

LOSES = ["compile-loss"]

# %% [compile-model]
def compile_model(optimizer):
    model = create_CNN(input_shape, 10)
    model.compile(loss="mean_squared_error", optimizer=optimizer, metrics=["accuracy"])
    return model
