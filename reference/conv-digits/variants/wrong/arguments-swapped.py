"""Gives the side of the filter first and the number of filters second: three filters of 8 × 8.

The images are scaled here, and even this network reads digits well: only counting shows the mistake.
"""

LOSES = ["convolution", "parameters"]

# %% [reshape]
X_train = train_images.reshape(-1, 28, 28, 1) / 255
X_test = test_images.reshape(-1, 28, 28, 1) / 255

# %% [build]
model = keras.Sequential(
    [
        keras.Input(shape=(28, 28, 1)),
        keras.layers.Conv2D(filter_size, num_filters),
        keras.layers.MaxPooling2D(pool_size),
        keras.layers.Flatten(),
        keras.layers.Dense(10, activation="softmax"),
    ]
)
