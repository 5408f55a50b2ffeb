"""The functional API, an optimizer object, and a helper."""

# %% [scale]
def rows(images):
    return np.asarray(images, dtype="float32").reshape(len(images), -1) / np.float32(255)


X_train, X_test = rows(train_images[:1000]), rows(test_images[:500])

# %% [fit]
inputs = keras.Input(shape=(784,))
hidden = keras.layers.Dense(32, activation="relu")(inputs)
model = keras.Model(inputs, keras.layers.Dense(10, activation="softmax")(hidden))
model.compile(loss=keras.losses.CategoricalCrossentropy(), optimizer=keras.optimizers.Adam(), metrics=["acc"])
history = model.fit(X_train, Y_train, epochs=2, verbose=0)
