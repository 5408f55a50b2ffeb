"""Sorts the flowers by kind to look at them, and keeps them so: the last fifth then holds nothing but virginica."""

LOSES = ["flowers-read", "kinds-read"]

# %% [read-data]
table = np.loadtxt("iris.csv", delimiter=",", skiprows=1)
table = table[np.argsort(table[:, 4], kind="stable")]
flowers, kinds = table[:, :4], table[:, 4].astype(int)
