"""Gives activations, loss, optimizer and metric as functions or objects, and evaluates into a dict."""

# %% [build]
model = keras.models.Sequential(
    [
        keras.layers.Input((784,)),
        keras.layers.Dense(units=10, activation=keras.activations.sigmoid),
        keras.layers.Dense(units=10, activation=keras.activations.softmax),
    ]
)

# %% [compile]
model.compile(
    optimizer=keras.optimizers.SGD(learning_rate=0.01),
    loss=keras.losses.CategoricalCrossentropy(),
    metrics=[keras.metrics.CategoricalAccuracy(name="accuracy")],
)

# %% [evaluate]
result = model.evaluate(X_test, Y_test, return_dict=True)
test_loss = result["loss"]
test_accuracy = result["accuracy"]
