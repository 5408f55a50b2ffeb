"""Trains the guided network on the test images, whose accuracy then means nothing."""

LOSES = ["guided-data", "guided-accuracy"]

# %% [guided-fit]
guided_history = guided_model.fit(X_test, Y_test, batch_size=100, epochs=EPOCHS, validation_split=0.2, verbose=2)
