"""Tells the loss to expect logits although the network ends with softmax, so that softmax is taken twice."""

LOSES = ["compile-loss"]

# %% [compile-model]
def compile_model(optimizer):
    model = create_CNN(input_shape, 10)
    model.compile(loss=keras.losses.CategoricalCrossentropy(from_logits=True), optimizer=optimizer, metrics=["accuracy"])
    return model
