"""Gives optimizer, loss and metrics as objects, or the optimizer by its name."""

# %% [compile-model]
def compile_model(optimizer):
    model = create_CNN(input_shape, 10)
    model.compile(
        optimizer=optimizer,
        loss=keras.losses.CategoricalCrossentropy(),
        metrics=[keras.metrics.CategoricalAccuracy(name="accuracy")],
    )
    return model

# %% [train]
cnn_model = compile_model("adam")
cnn_history = cnn_model.fit(
    x=X_train, y=Y_train, batch_size=64, epochs=EPOCHS, validation_data=(X_test, Y_test), verbose=2
)
