"""Compiles the trained network again with SGD instead of making a fresh one: it has learned already."""

LOSES = ["sgd-network"]

# %% [sgd]
sgd_model = adam_model
sgd_model.compile(loss="categorical_crossentropy", optimizer=keras.optimizers.SGD(), metrics=["accuracy"])
sgd_history = sgd_model.fit(
    X_train, Y_train, batch_size=64, epochs=EPOCHS, validation_data=(X_test, Y_test), verbose=2
)
sgd_loss, sgd_accuracy = sgd_model.evaluate(X_test, Y_test, verbose=0)
accuracy_gain = test_accuracy - sgd_accuracy
