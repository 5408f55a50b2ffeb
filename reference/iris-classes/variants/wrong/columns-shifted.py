"""Takes four columns from the second on: the kind becomes a length, and the network sees the answer."""

LOSES = ["flowers-read"]

# %% [read-data]
table = np.loadtxt("iris.csv", delimiter=",", skiprows=1)
flowers, kinds = table[:, 1:], table[:, 4].astype(int)
