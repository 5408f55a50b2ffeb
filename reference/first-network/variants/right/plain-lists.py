"""Keeps its answers in plain lists: digits and probabilities, and the table of counts as a list of lists."""

# %% [predict]
predictions = model.predict(X_test, verbose=0).tolist()
predicted_digits = [row.index(max(row)) for row in predictions]
digit_11 = predicted_digits[11]
sum_11 = sum(predictions[11])

# %% [confusion]
confusion = [[0] * 10 for _ in range(10)]
for true, seen in zip(test_labels, predicted_digits):
    confusion[true][seen] += 1
matrix_accuracy = sum(confusion[digit][digit] for digit in range(10)) / 10000

# %% [sensitivity]
sensitivities = tuple(row[digit] / sum(row) for digit, row in enumerate(confusion))
hardest_digit = sensitivities.index(min(sensitivities))
