"""Says the size of the input in the first dense layer, as older books do, and imports the layers by name."""

# %% [sigmoid-build]
from tensorflow.keras.layers import Dense, Dropout
from tensorflow.keras.models import Sequential

sigmoid_model = Sequential(
    [
        Dense(512, activation="sigmoid", input_shape=(784,)),
        Dense(512, activation="sigmoid"),
        Dense(10, activation="softmax"),
    ]
)

# %% [relu-build]
relu_model = Sequential(
    [
        Dense(512, activation="relu", input_dim=784),
        Dense(512, activation="relu"),
        Dense(10, activation="softmax"),
    ]
)

# %% [relu-ten]
relu_ten_model = Sequential(
    [
        Dense(512, activation="relu", input_shape=(784,)),
        Dense(512, activation="relu"),
        Dense(10, activation="softmax"),
    ]
)
relu_ten_model.compile(loss="categorical_crossentropy", optimizer="sgd", metrics=["accuracy"])
relu_ten_history = relu_ten_model.fit(
    X_train, Y_train, batch_size=128, epochs=EPOCHS, validation_data=(X_test, Y_test), verbose=2
)

# %% [dropout-build]
dropout_model = Sequential(
    [
        Dense(512, activation="relu", input_shape=(784,)),
        Dropout(0.2),
        Dense(512, activation="relu"),
        Dropout(0.2),
        Dense(10, activation="softmax"),
    ]
)
