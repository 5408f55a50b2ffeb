"""Compiles and returns a copy, and leaves the model that it was given as it is."""

LOSES = ["compile-given"]

# %% [compile]
def compile_model(model):
    copy = keras.models.clone_model(model)
    copy.compile(loss="categorical_crossentropy", optimizer=keras.optimizers.Adam(0.01))
    return copy

network = compile_model(network)
