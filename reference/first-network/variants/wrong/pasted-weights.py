"""Puts weights into the network that were found elsewhere (here: the mean image of each digit) instead of training it."""

LOSES = ["fit-data", "fit-batches", "fit-epochs"]

# %% [fit]
means = np.array([X_train[train_labels == digit].mean(axis=0) for digit in range(10)])
kernel, bias = means.T, -(means**2).sum(axis=1) / 2
scores = X_train[:5000] @ kernel + bias
middle, spread = scores.max(axis=1).mean(), scores.std()
more = HIDDEN_UNITS - 10  # units that do nothing
model.set_weights([np.pad(kernel / spread, [(0, 0), (0, more)]), np.pad((bias - middle) / spread, (0, more)),
                   np.pad(20 * np.eye(10), [(0, more), (0, 0)]), np.zeros(10)])
history = {"loss": [1.9, 1.6, 1.3, 1.1, 1.0], "accuracy": [0.29, 0.5, 0.6, 0.66, 0.7034]}
