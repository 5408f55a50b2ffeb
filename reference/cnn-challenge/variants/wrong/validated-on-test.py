"""Gives the test images as validation data, as other assignments do: here they should be left alone."""

LOSES = ["guided-validation"]

# %% [guided-fit]
guided_history = guided_model.fit(
    X_train, Y_train, batch_size=100, epochs=EPOCHS, validation_data=(X_test, Y_test), verbose=2
)
