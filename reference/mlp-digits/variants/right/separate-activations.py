"""Puts the activations into layers of their own: `Activation`, `ReLU` and `Softmax`."""

# %% [sigmoid-build]
sigmoid_model = keras.Sequential(
    [
        keras.Input(shape=(784,)),
        keras.layers.Dense(512),
        keras.layers.Activation("sigmoid"),
        keras.layers.Dense(512),
        keras.layers.Activation("sigmoid"),
        keras.layers.Dense(10),
        keras.layers.Activation("softmax"),
    ]
)

# %% [relu-build]
relu_model = keras.Sequential(
    [
        keras.Input(shape=(784,)),
        keras.layers.Dense(512),
        keras.layers.ReLU(),
        keras.layers.Dense(512),
        keras.layers.ReLU(),
        keras.layers.Dense(10),
        keras.layers.Softmax(),
    ]
)

# %% [relu-ten]
relu_ten_model = keras.Sequential(
    [
        keras.Input(shape=(784,)),
        keras.layers.Dense(512),
        keras.layers.Activation("relu"),
        keras.layers.Dense(512),
        keras.layers.Activation("relu"),
        keras.layers.Dense(10),
        keras.layers.Activation("softmax"),
    ]
)
relu_ten_model.compile(loss="categorical_crossentropy", optimizer="sgd", metrics=["accuracy"])
relu_ten_history = relu_ten_model.fit(
    X_train, Y_train, batch_size=128, epochs=EPOCHS, validation_data=(X_test, Y_test), verbose=2
)

# %% [dropout-build]
dropout_model = keras.Sequential(
    [
        keras.Input(shape=(784,)),
        keras.layers.Dense(512),
        keras.layers.Activation("relu"),
        keras.layers.Dropout(0.2),
        keras.layers.Dense(512),
        keras.layers.Activation("relu"),
        keras.layers.Dropout(0.2),
        keras.layers.Dense(10),
        keras.layers.Activation("softmax"),
    ]
)
