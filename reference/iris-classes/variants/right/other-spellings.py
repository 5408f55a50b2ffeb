"""Reads the file with the csv module, one-hots by comparison, and takes other ways through NumPy."""
BACKENDS = ["tensorflow"]  # tensors of the others have no `.numpy()`, or refuse it while they have gradients

# %% [read-data]
import csv

with open("iris.csv", newline="") as file:
    rows = list(csv.DictReader(file))
names = ["sepal_length", "sepal_width", "petal_length", "petal_width"]
flowers = np.array([[float(row[name]) for name in names] for row in rows])
kinds = np.array([int(row["kind"]) for row in rows])

# %% [one-hot]
one_hot_kinds = (kinds[:, None] == np.arange(3)).astype("float32")

# %% [count-parameters]
parameters_per_flower = float(np.round(iris_model.count_params() / 120))

# %% [read-curves]
turning_epoch = min(zip(recorded["val_loss"], recorded["epoch"]))[1]
final_gap = round(float(np.subtract(recorded["val_loss"], recorded["loss"])[-1]), 2)
diagnosis = "overfitting"

# %% [predict-flowers]
def predict_flowers(measurements):
    probabilities = mended_model(np.array(measurements, dtype="float32"), training=False)
    return probabilities.numpy()

# %% [two-flowers]
def kind_of(*lengths):
    return int(np.argmax(predict_flowers(np.array([lengths]))[0]))

first_flower = kind_of(6.4, 3.2, 4.5, 1.5)
second_flower = kind_of(5.8, 3.1, 5.0, 1.7)
