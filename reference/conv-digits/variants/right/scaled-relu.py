"""Scales both sets to 0–1 and gives the convolution ReLU, as most people would today: both were left open."""

# %% [reshape]
X_train = train_images.reshape(-1, 28, 28, 1).astype("float32") / 255
X_test = test_images.reshape(-1, 28, 28, 1).astype("float32") / 255

# %% [build]
model = keras.Sequential(
    [
        keras.Input(shape=(28, 28, 1)),
        keras.layers.Conv2D(num_filters, filter_size, activation="relu"),
        keras.layers.MaxPooling2D(pool_size),
        keras.layers.Flatten(),
        keras.layers.Dense(10, activation="softmax"),
    ]
)
