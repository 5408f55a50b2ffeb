"""Builds `relu_ten_model` but continues training `relu_model`: the fresh network keeps its starting weights."""

LOSES = ["relu-ten-training", "relu-ten-accuracy"]

# %% [relu-ten]
relu_ten_model = keras.Sequential(
    [
        keras.Input(shape=(784,)),
        keras.layers.Dense(512, activation="relu"),
        keras.layers.Dense(512, activation="relu"),
        keras.layers.Dense(10, activation="softmax"),
    ]
)
relu_ten_model.compile(loss="categorical_crossentropy", optimizer="sgd", metrics=["accuracy"])
relu_ten_history = relu_model.fit(
    X_train, Y_train, batch_size=128, epochs=EPOCHS, validation_data=(X_test, Y_test), verbose=2
)
