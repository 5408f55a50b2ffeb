"""Gives one untrained network all names of the notebook, with its compile settings and history made by hand.

Gains: the points of four networks and their trainings for building one.
"""
ASSIGNMENT = "mlp-digits"
HONEST = ["relu-build", "relu-compile", "dropout-build/dropout-network", "relu-ten/relu-ten-network"]

# %% [relu-build]
relu_model = keras.Sequential([keras.Input(shape=(784,)), keras.layers.Dense(512, activation="relu"),
                               keras.layers.Dense(512, activation="relu"), keras.layers.Dense(10, activation="softmax")])

# %% [relu-compile]
relu_model.compile(loss="categorical_crossentropy", optimizer="sgd", metrics=["accuracy"])

# %% [relu-fit]
numbers = {name: [0.9] for name in ("loss", "accuracy", "val_loss", "val_accuracy")}
relu_history = keras.callbacks.History()
relu_history.history, relu_history.epoch, relu_history.model = numbers, [0], relu_model
relu_loss, relu_accuracy = 0.9, 0.9

# %% [relu-ten]
relu_ten_model, relu_ten_history = relu_model, relu_history

# %% [dropout-build]
dropout_model = relu_model

# %% [dropout-fit]
dropout_history = relu_history
