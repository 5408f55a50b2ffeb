"""Builds both networks layer by layer with `.add()`, and names some of the layers."""

# %% [guided-build]
guided_model = keras.Sequential(name="published")
guided_model.add(keras.Input((28, 28, 1), name="pixels"))
guided_model.add(keras.layers.BatchNormalization(name="scale"))
guided_model.add(keras.layers.Conv2D(filters=4, kernel_size=(5, 5), activation="relu"))
guided_model.add(keras.layers.MaxPooling2D(pool_size=(2, 2)))
guided_model.add(keras.layers.Conv2D(filters=16, kernel_size=(5, 5), activation="relu"))
guided_model.add(keras.layers.MaxPooling2D())
guided_model.add(keras.layers.Flatten())
guided_model.add(keras.layers.Dense(units=100, activation="relu"))
guided_model.add(keras.layers.Dropout(rate=0.4))
guided_model.add(keras.layers.Dense(units=10, activation="softmax", name="digits"))

# %% [challenge-fit]
challenge_model = keras.Sequential()
challenge_model.add(keras.Input((28, 28, 1)))
for filters in (12, 24):
    challenge_model.add(keras.layers.Conv2D(filters, 3, activation="relu"))
    challenge_model.add(keras.layers.MaxPooling2D(2))
challenge_model.add(keras.layers.Flatten())
challenge_model.add(keras.layers.Dropout(0.2))
challenge_model.add(keras.layers.Dense(40, activation="relu"))
challenge_model.add(keras.layers.Dense(10, activation="softmax"))
challenge_model.compile(
    loss="categorical_crossentropy", optimizer=keras.optimizers.Adam(learning_rate=0.002), metrics=["accuracy"]
)
challenge_history = challenge_model.fit(
    X_train, Y_train, batch_size=64, epochs=BUDGET_EPOCHS, validation_split=0.1, verbose=2
)
