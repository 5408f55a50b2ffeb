"""Keeps the largest probability instead of its position."""

LOSES = ["predicted"]

# %% [predict]
predicted = best.predict(X_test, verbose=0).max(axis=1)
first_name = NAMES[int(best.predict(X_test[:1], verbose=0).argmax())]
