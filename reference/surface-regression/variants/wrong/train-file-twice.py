"""Copies the line that reads the training file and forgets to change one name: the test set is a part of the training set."""

LOSES = ["test-read"]

# %% [read-data]
train_table = np.loadtxt("surface_train.csv", delimiter=",", skiprows=1)
test_table = np.loadtxt("surface_train.csv", delimiter=",", skiprows=1)[:250]
X_train, y_train = train_table[:, :2], train_table[:, 2]
X_test, y_test = test_table[:, :2], test_table[:, 2]
