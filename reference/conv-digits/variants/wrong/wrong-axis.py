"""Looks for the largest number along the images instead of the digits."""

LOSES = ["first-digits"]

# %% [predict]
predictions = model.predict(X_test[:4], verbose=0)
first_digits = predictions.argmax(axis=0)
last_digit = predictions[3].argmax()
