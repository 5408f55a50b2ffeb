"""Gives optimizer, loss and metrics as objects, or the optimizer by its name."""

# %% [compile-model]
def compile_model(optimizer):
    model = create_DNN((784,), 10)
    model.compile(
        optimizer=optimizer,
        loss=keras.losses.CategoricalCrossentropy(),
        metrics=[keras.metrics.CategoricalAccuracy(name="accuracy")],
    )
    return model

# %% [train]
adam_model = compile_model(keras.optimizers.Adam(learning_rate=0.001))
adam_history = adam_model.fit(
    x=X_train, y=Y_train, batch_size=64, epochs=EPOCHS, validation_data=(X_test, Y_test), verbose=2
)

# %% [sgd]
sgd_model = compile_model("sgd")
sgd_history = sgd_model.fit(
    X_train, Y_train, batch_size=64, epochs=EPOCHS, validation_data=(X_test, Y_test), verbose=2
)
accuracy_gain = adam_model.evaluate(X_test, Y_test)[1] - sgd_model.evaluate(X_test, Y_test)[1]
