"""Says `from_logits=True` although softmax is at the end: softmax is then applied twice, and learning is slow."""

LOSES = ["sigmoid-loss", "relu-settings"]

# %% [sigmoid-compile]
sigmoid_model.compile(
    loss=keras.losses.CategoricalCrossentropy(from_logits=True), optimizer="sgd", metrics=["accuracy"]
)

# %% [relu-compile]
relu_model.compile(loss=keras.losses.CategoricalCrossentropy(from_logits=True), optimizer="sgd", metrics=["accuracy"])
