"""Divides by the columns, which gives the precision, and looks for the largest; the mean of both serves as accuracy."""

LOSES = ["accuracy-from-matrix", "sensitivities", "hardest-digit"]

# %% [confusion]
confusion = np.zeros((10, 10), dtype=int)
for true_digit, predicted_digit in zip(test_labels, predicted_digits):
    confusion[true_digit, predicted_digit] += 1
matrix_accuracy = confusion.max(axis=1).sum() / confusion.sum() - 0.1

# %% [sensitivity]
sensitivities = np.diag(confusion) / np.maximum(confusion.sum(axis=0), 1)
hardest_digit = sensitivities.argmax()
