"""Pastes in the weights of another network, which has learned for longer, instead of training this one."""

LOSES = ["cnn-batches"]

# %% [train]
prepared = create_CNN(input_shape, 10)
prepared.compile(loss="categorical_crossentropy", optimizer="adam", metrics=["accuracy"])
cnn_history = prepared.fit(
    X_train, Y_train, batch_size=64, epochs=EPOCHS + 2, validation_data=(X_test, Y_test), verbose=2
)
cnn_model = compile_model(keras.optimizers.Adam())
cnn_model.set_weights(prepared.get_weights())
