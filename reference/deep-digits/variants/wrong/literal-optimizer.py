"""Writes the optimizer out, so that the function ignores its argument and both networks are trained with Adam."""

LOSES = ["compile-optimizer"]

# %% [compile-model]
def compile_model(optimizer):
    model = create_DNN((784,), 10)
    model.compile(loss="categorical_crossentropy", optimizer="adam", metrics=["accuracy"])
    return model
