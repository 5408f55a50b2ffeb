"""Builds the network with the functional API, writes sides as pairs, and gives labels to `fit` by name."""

# %% [build]
image = keras.Input(shape=(28, 28, 1), name="image")
maps = keras.layers.Conv2D(filters=num_filters, kernel_size=(filter_size, filter_size), padding="valid")(image)
pooled = keras.layers.MaxPooling2D(pool_size=(pool_size, pool_size))(maps)
row = keras.layers.Flatten()(pooled)
digits = keras.layers.Dense(units=10, activation="softmax")(row)
model = keras.Model(image, digits)

# %% [fit]
history = model.fit(x=X_train, y=Y_train, epochs=EPOCHS, validation_data=(X_test, Y_test), batch_size=32)
