"""Hands the true labels in as predictions: no network reads every digit."""

LOSES = ["predicted-labels", "mistakes"]

# %% [predict]
predicted_labels = np.array(test_labels)
mistakes = np.sum(predicted_labels != test_labels)
