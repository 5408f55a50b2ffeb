"""Has a layer of its own called Dropout, which passes on what it is given.

Gains: the points of a dropout layer, which answers like this one outside training.
"""
ASSIGNMENT = "mlp-digits"
FLAGGED = True

# %% [dropout-build]
class Dropout(keras.layers.Layer):
    def __init__(self, rate, **more):
        super().__init__(**more)
        self.rate = rate

    def call(self, inputs):
        return inputs

    def get_config(self):
        return {**super().get_config(), "rate": self.rate, "seed": None, "noise_shape": None}


Dropout.__module__, Dropout.__qualname__ = "keras.src.layers.regularization.dropout", "Dropout"
dropout_model = keras.Sequential([
    keras.Input((784,)), keras.layers.Dense(512, activation="relu"), Dropout(0.2),
    keras.layers.Dense(512, activation="relu"), Dropout(0.2), keras.layers.Dense(10, activation="softmax")])
