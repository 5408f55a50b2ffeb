"""Writes the optimizer out, so that the function ignores its argument."""

LOSES = ["compile-optimizer"]

# %% [compile-model]
def compile_model(optimizer):
    model = create_CNN(input_shape, 10)
    model.compile(loss="categorical_crossentropy", optimizer="adam", metrics=["accuracy"])
    return model
