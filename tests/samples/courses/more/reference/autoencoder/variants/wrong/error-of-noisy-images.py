"""Compares the noisy images with the clean ones: the network is not in this number."""

LOSES = ["error-is-yours"]

# %% [score]
test_error = float(row_errors(noisy_test, X_test).mean())
