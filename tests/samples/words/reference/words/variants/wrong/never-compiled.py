"""Compiles with another optimizer, and the network on a line of its own."""

LOSES = ["compile-given", "compile-network"]

# %% [compile]
def compile_model(model):
    model.compile(loss="categorical_crossentropy", optimizer="adam")

network.compile(loss="categorical_crossentropy", optimizer=keras.optimizers.SGD(0.1, momentum=0.9))
