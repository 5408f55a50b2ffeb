"""Standardizes each pixel by itself, as one does with features: what is always 0 is divided by 0 and becomes NaN."""

LOSES = ["train-standardized", "test-uses-training-statistics"]

# %% [standardize]
with np.errstate(divide="ignore", invalid="ignore"):
    mean, deviation = X_train.mean(axis=0), X_train.std(axis=0)
    X_train = (X_train - mean) / deviation
    X_test = (X_test - mean) / deviation
