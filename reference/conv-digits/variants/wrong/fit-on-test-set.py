"""Trains on the test set: a copied line with one word too many changed.

The images are scaled here, so that even the 10,000 test images are enough for a good accuracy on others: it does not
show the mistake.
"""

LOSES = ["fit-data"]

# %% [reshape]
X_train = train_images.reshape(-1, 28, 28, 1) / 255
X_test = test_images.reshape(-1, 28, 28, 1) / 255

# %% [fit]
history = model.fit(X_test, Y_test, epochs=EPOCHS, validation_data=(X_test, Y_test), verbose=2)
