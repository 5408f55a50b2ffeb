"""Takes the class `Accuracy`, which counts outputs that equal the label: a probability never does."""

LOSES = ["compile-metrics"]

# %% [compile-model]
def compile_model(optimizer):
    model = create_CNN(input_shape, 10)
    model.compile(loss="categorical_crossentropy", optimizer=optimizer, metrics=[keras.metrics.Accuracy()])
    return model
