"""Gives the trained network a second name instead of building a fresh one: its epochs are one too many."""

LOSES = ["relu-ten-training"]

# %% [relu-ten]
relu_ten_model = relu_model
relu_ten_history = relu_ten_model.fit(
    X_train, Y_train, batch_size=128, epochs=EPOCHS, validation_data=(X_test, Y_test), verbose=2
)
