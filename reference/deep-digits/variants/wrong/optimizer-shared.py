"""Gives the optimizer of the first network to the second: Keras stops with "Unknown variable"."""

LOSES = ["sgd-optimizer", "sgd-training", "sgd-accuracy", "accuracy-gain"]

# %% [train]
optimizer = keras.optimizers.Adam()
adam_model = compile_model(optimizer)
adam_history = adam_model.fit(
    X_train, Y_train, batch_size=64, epochs=EPOCHS, validation_data=(X_test, Y_test), verbose=2
)

# %% [sgd]
sgd_model = compile_model(optimizer)
sgd_history = sgd_model.fit(
    X_train, Y_train, batch_size=64, epochs=EPOCHS, validation_data=(X_test, Y_test), verbose=2
)
sgd_loss, sgd_accuracy = sgd_model.evaluate(X_test, Y_test, verbose=0)
accuracy_gain = test_accuracy - sgd_accuracy
