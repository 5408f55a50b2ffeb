"""Takes the columns in another order, x2 before x1: every shape is right, and the network learns another surface."""

LOSES = ["train-read", "test-read"]

# %% [read-data]
train_table = np.loadtxt("surface_train.csv", delimiter=",", skiprows=1)
test_table = np.loadtxt("surface_test.csv", delimiter=",", skiprows=1)
X_train, y_train = train_table[:, [1, 0]], train_table[:, 2]
X_test, y_test = test_table[:, [1, 0]], test_table[:, 2]
