"""Copies the sigmoid network for `relu_model` and forgets to change the activation."""

LOSES = ["relu-activations", "relu-accuracy"]

# %% [relu-build]
relu_model = keras.Sequential(
    [
        keras.Input(shape=(784,)),
        keras.layers.Dense(512, activation="sigmoid"),
        keras.layers.Dense(512, activation="sigmoid"),
        keras.layers.Dense(10, activation="softmax"),
    ]
)
