"""Builds both networks with the functional API."""

# %% [guided-build]
pixels = keras.Input(shape=(28, 28, 1))
x = keras.layers.BatchNormalization()(pixels)
for filters in (4, 16):
    x = keras.layers.Conv2D(filters, (5, 5), activation="relu", padding="valid")(x)
    x = keras.layers.MaxPooling2D((2, 2))(x)
x = keras.layers.Flatten()(x)
x = keras.layers.Dense(100, activation="relu")(x)
x = keras.layers.Dropout(0.4)(x)
guided_model = keras.Model(pixels, keras.layers.Dense(10, activation="softmax")(x))

# %% [challenge-fit]
pixels = keras.Input(shape=(28, 28, 1))
x = keras.layers.Conv2D(12, 3, activation="relu")(pixels)
x = keras.layers.MaxPooling2D(2)(x)
x = keras.layers.Conv2D(24, 3, activation="relu")(x)
x = keras.layers.MaxPooling2D(2)(x)
x = keras.layers.Flatten()(x)
x = keras.layers.Dropout(0.2)(x)
x = keras.layers.Dense(40, activation="relu")(x)
challenge_model = keras.Model(inputs=pixels, outputs=keras.layers.Dense(10, activation="softmax")(x))
challenge_model.compile(
    loss="categorical_crossentropy", optimizer=keras.optimizers.Adam(learning_rate=0.002), metrics=["accuracy"]
)
challenge_history = challenge_model.fit(
    X_train, Y_train, batch_size=64, epochs=BUDGET_EPOCHS, validation_split=0.1, verbose=2
)
