"""Hands the true labels in as predictions: no network reads every digit."""

LOSES = ["predicted-labels"]

# %% [predict]
predicted_labels = np.array(test_labels)
least_sure = cnn_model.predict(X_test, verbose=0).max(axis=1)[:100].argmin()
