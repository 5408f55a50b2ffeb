"""Reads the files with Python's own csv module, takes other ways through NumPy, and other names for helpers."""
BACKENDS = ["tensorflow"]  # tensors of the others have no `.numpy()`, or refuse it while they have gradients

# %% [read-data]
import csv

def read(file_name):
    with open(file_name, newline="") as file:
        rows = [[float(value) for value in row.values()] for row in csv.DictReader(file)]
    table = np.array(rows)
    return table[:, [0, 1]], table[:, -1]

X_train, y_train = read("surface_train.csv")
X_test, y_test = read("surface_test.csv")

# %% [baseline]
guess = np.full(len(y_test), np.average(y_train))
baseline_error = float(keras.losses.mean_squared_error(y_test, guess))

# %% [count-parameters]
parameter_count = build_network([5, 5], "relu").count_params()

# %% [updates]
updates_per_epoch = np.ceil(len(X_train) * 0.8 / 10)

# %% [predict-surface]
def predict_surface(points):
    heights = best_model(np.asarray(points, dtype="float32"), training=False)
    return np.squeeze(heights.numpy(), axis=-1)

# %% [grid]
side = -4 + np.arange(25) / 3
grid_x1, grid_x2 = np.meshgrid(side, side, indexing="ij")
grid_points = np.stack([grid_x1, grid_x2], axis=-1).reshape(-1, 2)
grid_heights = np.reshape(predict_surface(grid_points), grid_x1.shape)

# %% [point]
height_at_point = float(predict_surface(np.array([[1, -2]])).item())
