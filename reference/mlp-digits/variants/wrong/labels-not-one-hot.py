"""Leaves the labels as digits and makes everything run with the sparse loss instead."""

LOSES = ["one-hot-train", "one-hot-test", "sigmoid-loss", "relu-settings"]

# %% [one-hot]
Y_train = y_train
Y_test = y_test

# %% [sigmoid-compile]
sigmoid_model.compile(loss="sparse_categorical_crossentropy", optimizer="sgd", metrics=["accuracy"])

# %% [relu-compile]
relu_model.compile(loss="sparse_categorical_crossentropy", optimizer="sgd", metrics=["accuracy"])

# %% [relu-ten]
relu_ten_model = keras.Sequential(
    [
        keras.Input(shape=(784,)),
        keras.layers.Dense(512, activation="relu"),
        keras.layers.Dense(512, activation="relu"),
        keras.layers.Dense(10, activation="softmax"),
    ]
)
relu_ten_model.compile(loss="sparse_categorical_crossentropy", optimizer="sgd", metrics=["accuracy"])
relu_ten_history = relu_ten_model.fit(
    X_train, Y_train, batch_size=128, epochs=EPOCHS, validation_data=(X_test, Y_test), verbose=2
)

# %% [dropout-fit]
dropout_model.compile(loss="sparse_categorical_crossentropy", optimizer="sgd", metrics=["accuracy"])
dropout_history = dropout_model.fit(
    X_train, Y_train, batch_size=128, epochs=EPOCHS, validation_data=(X_test, Y_test), verbose=2
)
