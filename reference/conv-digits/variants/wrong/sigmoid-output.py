"""Gives the output layer ten sigmoids, as for yes-or-no questions: their sum is not 1.

The images are scaled here. Keras computes the loss from the sums before the activation, so the network learns as with
softmax, and its accuracy does not show the mistake.
"""

LOSES = ["output"]

# %% [reshape]
X_train = train_images.reshape(-1, 28, 28, 1) / 255
X_test = test_images.reshape(-1, 28, 28, 1) / 255

# %% [build]
model = keras.Sequential(
    [
        keras.Input(shape=(28, 28, 1)),
        keras.layers.Conv2D(num_filters, filter_size),
        keras.layers.MaxPooling2D(pool_size),
        keras.layers.Flatten(),
        keras.layers.Dense(10, activation="sigmoid"),
    ]
)
