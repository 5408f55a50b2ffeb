"""Leaves the ungraded cell as it was, and imports where the function is needed."""

# %% [imports]
# nothing to import

# %% [scores]
from sklearn.metrics import f1_score as macro

f1 = macro(test_labels, network.predict(X_test, verbose=0).argmax(axis=1), average="macro")
