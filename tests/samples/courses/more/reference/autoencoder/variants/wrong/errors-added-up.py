"""Adds the squared differences up instead of taking their mean."""

LOSES = ["row-errors"]

# %% [errors]
def row_errors(restored, clean):
    return ((restored - clean) ** 2).sum(axis=1)

# %% [score]
test_error = float(((autoencoder.predict(noisy_test, verbose=0) - X_test) ** 2).mean())
