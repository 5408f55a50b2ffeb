"""Takes the labels for the predictions, and so finds a network without mistakes; image 11 is looked up at the wrong place."""

LOSES = ["predicted-digits", "digit-of-image-11", "confusion-matrix"]

# %% [predict]
predictions = model.predict(X_test, verbose=0)
predicted_digits = test_labels
digit_11 = (predictions[11].argmax() + 1) % 10
sum_11 = predictions[11].sum()
