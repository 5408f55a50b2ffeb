"""Standardizes with the means and deviations of the whole table, test rows included."""

LOSES = ["training-rows-scaled", "test-rows-scaled"]

# %% [scale]
means, deviations = rows[:, :4].mean(axis=0), rows[:, :4].std(axis=0)
X_train = np.concatenate([(rows_train[:, :4] - means) / deviations, rows_train[:, 4:]], axis=1)
X_test = np.concatenate([(rows_test[:, :4] - means) / deviations, rows_test[:, 4:]], axis=1)
