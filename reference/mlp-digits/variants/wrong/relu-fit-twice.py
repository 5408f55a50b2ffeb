"""Runs the cell with `fit` twice: the second epoch continues where the first one ended."""

LOSES = ["relu-training"]

# %% [relu-fit]
for _ in range(2):
    relu_history = relu_model.fit(
        X_train, Y_train, batch_size=128, epochs=1, validation_data=(X_test, Y_test), verbose=2
    )
relu_loss, relu_accuracy = relu_model.evaluate(X_test, Y_test, verbose=0)
