"""Builds all four networks with the functional API."""

# %% [sigmoid-build]
inputs = keras.Input(shape=(784,))
hidden = keras.layers.Dense(512, activation="sigmoid")(inputs)
hidden = keras.layers.Dense(512, activation="sigmoid")(hidden)
outputs = keras.layers.Dense(10, activation="softmax")(hidden)
sigmoid_model = keras.Model(inputs, outputs)

# %% [relu-build]
inputs = keras.Input(shape=(784,))
hidden = keras.layers.Dense(512, activation="relu")(inputs)
hidden = keras.layers.Dense(512, activation="relu")(hidden)
outputs = keras.layers.Dense(10, activation="softmax")(hidden)
relu_model = keras.Model(inputs, outputs)

# %% [relu-ten]
inputs = keras.Input(shape=(784,))
hidden = keras.layers.Dense(512, activation="relu")(inputs)
hidden = keras.layers.Dense(512, activation="relu")(hidden)
outputs = keras.layers.Dense(10, activation="softmax")(hidden)
relu_ten_model = keras.Model(inputs, outputs)
relu_ten_model.compile(loss="categorical_crossentropy", optimizer="sgd", metrics=["accuracy"])
relu_ten_history = relu_ten_model.fit(
    X_train, Y_train, batch_size=128, epochs=EPOCHS, validation_data=(X_test, Y_test), verbose=2
)

# %% [dropout-build]
inputs = keras.Input(shape=(784,))
hidden = keras.layers.Dense(512, activation="relu")(inputs)
hidden = keras.layers.Dropout(0.2)(hidden)
hidden = keras.layers.Dense(512, activation="relu")(hidden)
hidden = keras.layers.Dropout(0.2)(hidden)
outputs = keras.layers.Dense(10, activation="softmax")(hidden)
dropout_model = keras.Model(inputs, outputs)
