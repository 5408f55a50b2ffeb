"""Uses 500 units in every hidden layer; the accuracy does not show it."""

LOSES = ["sigmoid-units", "relu-units", "relu-ten-network", "dropout-network"]

# %% [sigmoid-build]
sigmoid_model = keras.Sequential(
    [
        keras.Input(shape=(784,)),
        keras.layers.Dense(500, activation="sigmoid"),
        keras.layers.Dense(500, activation="sigmoid"),
        keras.layers.Dense(10, activation="softmax"),
    ]
)

# %% [relu-build]
relu_model = keras.Sequential(
    [
        keras.Input(shape=(784,)),
        keras.layers.Dense(500, activation="relu"),
        keras.layers.Dense(500, activation="relu"),
        keras.layers.Dense(10, activation="softmax"),
    ]
)

# %% [relu-ten]
relu_ten_model = keras.Sequential(
    [
        keras.Input(shape=(784,)),
        keras.layers.Dense(500, activation="relu"),
        keras.layers.Dense(500, activation="relu"),
        keras.layers.Dense(10, activation="softmax"),
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
        keras.layers.Dense(500, activation="relu"),
        keras.layers.Dropout(0.2),
        keras.layers.Dense(500, activation="relu"),
        keras.layers.Dropout(0.2),
        keras.layers.Dense(10, activation="softmax"),
    ]
)
