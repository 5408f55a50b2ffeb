"""Gives the learning rate as `lr`, as it was called in early versions: there is no second network."""

LOSES = ["sgd-optimizer", "sgd-network", "sgd-training", "sgd-accuracy", "accuracy-gain"]

# %% [sgd]
sgd_model = compile_model(keras.optimizers.SGD(lr=0.01))
sgd_history = sgd_model.fit(
    X_train, Y_train, batch_size=64, epochs=EPOCHS, validation_data=(X_test, Y_test), verbose=2
)
sgd_loss, sgd_accuracy = sgd_model.evaluate(X_test, Y_test, verbose=0)
accuracy_gain = test_accuracy - sgd_accuracy
