"""Gives the difference in per cent instead of as a number between 0 and 1."""

LOSES = ["accuracy-gain"]

# %% [sgd]
sgd_model = compile_model(keras.optimizers.SGD())
sgd_history = sgd_model.fit(
    X_train, Y_train, batch_size=64, epochs=EPOCHS, validation_data=(X_test, Y_test), verbose=2
)
sgd_loss, sgd_accuracy = sgd_model.evaluate(X_test, Y_test, verbose=0)
accuracy_gain = 100 * (test_accuracy - sgd_accuracy)
