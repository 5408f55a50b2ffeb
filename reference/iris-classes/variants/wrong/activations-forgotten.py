"""Leaves out the activations of the hidden layers: three linear layers in a row are no more than one."""

LOSES = ["iris-activations"]

# %% [build]
iris_model = keras.Sequential(
    [
        keras.Input(shape=(4,)),
        keras.layers.Dense(1000, use_bias=True),
        keras.layers.Dense(500, use_bias=True),
        keras.layers.Dense(70, use_bias=True),
        keras.layers.Dense(3, activation="softmax"),
    ]
)
