"""Predicts the first four training images instead of the test images: other digits, and the network never sees the 7."""

LOSES = ["predictions", "first-digits", "last-digit"]

# %% [predict]
predictions = model.predict(X_train[:4], verbose=0)
first_digits = predictions.argmax(axis=1)
last_digit = first_digits[-1]
