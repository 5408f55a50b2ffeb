"""Gives optimizer, loss, metrics and activations as objects or functions, or spelt in another way."""

# %% [sigmoid-compile]
sigmoid_model.compile(
    optimizer=keras.optimizers.SGD(),
    loss=keras.losses.CategoricalCrossentropy(),
    metrics=[keras.metrics.CategoricalAccuracy(name="accuracy")],
)

# %% [relu-build]
relu_model = keras.Sequential(
    [
        keras.layers.Input((784,)),
        keras.layers.Dense(units=512, activation=keras.activations.relu),
        keras.layers.Dense(units=512, activation=keras.activations.relu),
        keras.layers.Dense(units=10, activation=keras.activations.softmax),
    ]
)

# %% [relu-compile]
relu_model.compile("SGD", "CategoricalCrossentropy", metrics=["categorical_accuracy"])

# %% [relu-ten]
relu_ten_model = keras.models.clone_model(relu_model)
relu_ten_model.compile(
    optimizer=keras.optimizers.SGD(learning_rate=0.01),
    loss=keras.losses.categorical_crossentropy,
    metrics=["accuracy"],
)
relu_ten_history = relu_ten_model.fit(
    X_train, Y_train, batch_size=128, epochs=EPOCHS, validation_data=(X_test, Y_test), verbose=2
)

# %% [dropout-fit]
dropout_model.compile(optimizer="SGD", loss="categorical_crossentropy", metrics=["accuracy"])
dropout_history = dropout_model.fit(
    X_train, Y_train, batch_size=128, epochs=EPOCHS, validation_data=(X_test, Y_test), verbose=2
)
