"""Builds the network once, outside the function: each call compiles the same one again, and training continues where it was."""

LOSES = ["compile-fresh"]

# %% [compile-model]
model = create_DNN((784,), 10)


def compile_model(optimizer):
    model.compile(loss="categorical_crossentropy", optimizer=optimizer, metrics=["accuracy"])
    return model
