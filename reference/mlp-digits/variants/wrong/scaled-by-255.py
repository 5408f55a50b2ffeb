"""Divides by 255 instead of standardizing: right in many courses, but not the step that the task requires."""

LOSES = ["train-standardized", "test-uses-training-statistics"]

# %% [standardize]
X_train = X_train / 255
X_test = X_test / 255
