"""Types the numbers of the published text, 0.9018 and a certain 6, instead of asking the network."""

LOSES = ["evaluation", "predictions", "sum-of-probabilities"]

# %% [evaluate]
test_loss, test_accuracy = 0.36, 0.9018

# %% [predict]
predicted_digits = model.predict(X_test, verbose=0).argmax(axis=1)
predictions = np.eye(10)[predicted_digits]
digit_11 = predicted_digits[11]
sum_11 = 0.98
