"""Gives loss, optimizer, metrics and activations as objects or functions, and tells fit its arguments by position."""

# %% [build]
iris_model = keras.models.Sequential(
    [
        keras.layers.Dense(1000, activation=keras.activations.relu, input_shape=(4,)),
        keras.layers.Dense(500, activation=keras.activations.relu),
        keras.layers.Dense(units=70, activation=keras.activations.relu),
        keras.layers.Dense(3, activation=keras.activations.softmax),
    ]
)

# %% [compile]
iris_model.compile(
    optimizer=keras.optimizers.Adagrad(0.01),
    loss=keras.losses.CategoricalCrossentropy(),
    metrics=[keras.metrics.CategoricalAccuracy(name="accuracy")],
)

# %% [fit]
iris_history = iris_model.fit(flowers, one_hot_kinds, 32, EPOCHS, 0, validation_split=0.2)
