"""Gives the output layer ten sigmoids, as for yes-or-no questions: their sum is not 1.

Keras computes the loss from the sums before the activation, so the network learns exactly as with softmax, and neither
loss nor accuracy shows the mistake.
"""

LOSES = ["output-softmax"]

# %% [build]
model = keras.Sequential(
    [
        keras.Input(shape=(784,)),
        keras.layers.Dense(HIDDEN_UNITS, activation="sigmoid"),
        keras.layers.Dense(10, activation="sigmoid"),
    ]
)
