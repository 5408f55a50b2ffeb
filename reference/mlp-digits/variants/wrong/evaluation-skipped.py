"""Types numbers instead of evaluating the two networks."""

LOSES = ["sigmoid-evaluation", "relu-evaluation"]

# %% [sigmoid-evaluate]
sigmoid_loss, sigmoid_accuracy = 1.9, 0.5

# %% [relu-fit]
relu_history = relu_model.fit(
    X_train, Y_train, batch_size=128, epochs=1, validation_data=(X_test, Y_test), verbose=2
)
relu_loss, relu_accuracy = 0.3, 0.95
