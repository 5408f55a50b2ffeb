"""Takes the customers with the longest contracts for training, since the table was sorted first."""

LOSES = ["disjoint-and-stratified"]

# %% [split]
order = np.argsort(rows[:, 0])[::-1]
rows_train, left_train = rows[order[:768]], left[order[:768]]
rows_test, left_test = rows[order[768:]], left[order[768:]]
