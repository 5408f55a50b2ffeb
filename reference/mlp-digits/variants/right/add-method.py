"""Builds the networks layer by layer with `.add()`, and names some of the layers."""

# %% [sigmoid-build]
sigmoid_model = keras.Sequential()
sigmoid_model.add(keras.Input((784,)))
sigmoid_model.add(keras.layers.Dense(512, activation="sigmoid"))
sigmoid_model.add(keras.layers.Dense(512, activation="sigmoid"))
sigmoid_model.add(keras.layers.Dense(10, activation="softmax"))

# %% [relu-build]
relu_model = keras.Sequential(name="perceptron")
relu_model.add(keras.Input((784,), name="pixels"))
relu_model.add(keras.layers.Dense(512, activation="relu", name="first"))
relu_model.add(keras.layers.Dense(512, activation="relu", name="second"))
relu_model.add(keras.layers.Dense(10, activation="softmax", name="digits"))

# %% [relu-ten]
relu_ten_model = keras.Sequential()
relu_ten_model.add(keras.Input((784,)))
relu_ten_model.add(keras.layers.Dense(512, activation="relu"))
relu_ten_model.add(keras.layers.Dense(512, activation="relu"))
relu_ten_model.add(keras.layers.Dense(10, activation="softmax"))
relu_ten_model.compile(loss="categorical_crossentropy", optimizer="sgd", metrics=["accuracy"])
relu_ten_history = relu_ten_model.fit(
    X_train, Y_train, batch_size=128, epochs=EPOCHS, validation_data=(X_test, Y_test), verbose=2
)

# %% [dropout-build]
dropout_model = keras.Sequential()
dropout_model.add(keras.Input((784,)))
dropout_model.add(keras.layers.Dense(512, activation="relu"))
dropout_model.add(keras.layers.Dropout(rate=0.2))
dropout_model.add(keras.layers.Dense(512, activation="relu"))
dropout_model.add(keras.layers.Dropout(rate=0.2))
dropout_model.add(keras.layers.Dense(10, activation="softmax"))
