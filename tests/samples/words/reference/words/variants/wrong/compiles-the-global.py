"""Compiles the global variable whatever the function is given, with the standard learning rate."""

LOSES = ["compile-given"]

# %% [compile]
def compile_model(model):
    network.compile(loss="categorical_crossentropy", optimizer="adam")

compile_model(network)
