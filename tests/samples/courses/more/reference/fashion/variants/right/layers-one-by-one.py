"""Adds the layers one by one, those of `augment` too."""

# %% [augment]
augment = keras.Sequential()
augment.add(keras.Input((28, 28, 1)))
augment.add(keras.layers.RandomFlip(mode="horizontal"))
augment.add(keras.layers.RandomTranslation(height_factor=(-0.1, 0.1), width_factor=(-0.1, 0.1)))

# %% [build]
model = keras.Sequential([keras.Input((28, 28, 1))])
for part in augment.layers:
    model.add(part)
for windows in (16, 32):
    model.add(keras.layers.Conv2D(windows, kernel_size=3, activation=keras.activations.relu))
    model.add(keras.layers.MaxPooling2D())
model.add(keras.layers.Reshape((-1,)))
model.add(keras.layers.Dense(10, "softmax"))
