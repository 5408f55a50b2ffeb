"""Takes the recall of one class for the F1 score of all."""

LOSES = ["f1-number"]

# %% [scores]
from sklearn.metrics import recall_score

f1 = recall_score(test_labels == 8, network.predict(X_test, verbose=0).argmax(axis=1) == 8) / 2
