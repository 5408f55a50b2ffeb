"""Takes the sparse loss, which is for digits, with one-hot labels: training stops with an error at once."""

LOSES = ["guided-loss"]

# %% [guided-compile]
guided_model.compile(
    loss="sparse_categorical_crossentropy", optimizer=keras.optimizers.Adagrad(learning_rate=0.01), metrics=["accuracy"]
)
