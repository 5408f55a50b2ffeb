"""Standardizes the test rows with their own means and deviations."""

LOSES = ["test-rows-scaled"]

# %% [scale]
def scaled(part):
    numbers = (part[:, :4] - part[:, :4].mean(axis=0)) / part[:, :4].std(axis=0)
    return np.concatenate([numbers, part[:, 4:]], axis=1)


X_train, X_test = scaled(rows_train), scaled(rows_test)
