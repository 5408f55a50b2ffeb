"""Tells the loss to expect logits, while the network ends in softmax already."""

LOSES = ["loss"]

# %% [compile]
model.compile(
    loss=keras.losses.CategoricalCrossentropy(from_logits=True), optimizer="adam", metrics=["accuracy"]
)
