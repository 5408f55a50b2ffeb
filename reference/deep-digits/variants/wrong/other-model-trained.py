"""Copies the line of `fit` and trains the first network once more; the second keeps its starting weights."""

LOSES = ["sgd-training", "sgd-accuracy"]

# %% [sgd]
sgd_model = compile_model(keras.optimizers.SGD())
sgd_history = adam_model.fit(
    X_train, Y_train, batch_size=64, epochs=EPOCHS, validation_data=(X_test, Y_test), verbose=2
)
sgd_loss, sgd_accuracy = sgd_model.evaluate(X_test, Y_test, verbose=0)
accuracy_gain = test_accuracy - sgd_accuracy
