"""Leaves out two lines at the top of each file: the header, and with it the first measurement, because counting began at 0."""

LOSES = ["train-read", "test-read"]

# %% [read-data]
train_table = np.loadtxt("surface_train.csv", delimiter=",", skiprows=2)
test_table = np.loadtxt("surface_test.csv", delimiter=",", skiprows=2)
X_train, y_train = train_table[:, :2], train_table[:, 2]
X_test, y_test = test_table[:, :2], test_table[:, 2]
