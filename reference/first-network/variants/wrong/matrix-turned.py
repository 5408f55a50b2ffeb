"""Swaps rows and columns of the confusion matrix, the usual mix-up of true and predicted digits."""

LOSES = ["confusion-matrix"]

# %% [confusion]
confusion = np.zeros((10, 10), dtype=int)
for predicted_digit, true_digit in zip(predicted_digits, test_labels):
    confusion[predicted_digit, true_digit] += 1
matrix_accuracy = np.trace(confusion) / confusion.sum()
