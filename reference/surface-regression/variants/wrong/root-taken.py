"""Takes the standard deviation for the mean of the squares: it is the root of it, in the unit of y, and looks like a small error."""

LOSES = ["baseline-error"]

# %% [baseline]
baseline_error = np.sqrt(np.mean((y_test - y_train.mean()) ** 2))
