"""Puts weights into the network that were found elsewhere (here: the mean image of each digit) instead of training it."""

LOSES = ["fit-data", "fit-batches", "fit-epochs"]

# %% [fit]
means = np.array([X_train[train_labels == digit].mean(axis=0) for digit in range(10)])
middle = means.mean(axis=0)
kernel = (means - middle).T
bias = -(means**2).sum(axis=1) / 2 - middle @ kernel + (middle**2).sum() / 2 + middle @ middle / 2
scores = X_train[:5000] @ kernel + bias
bias -= scores.mean()
model.set_weights([kernel / 4, bias / 4, 20 * np.eye(10), np.zeros(10)])
history = {"loss": [1.9, 1.6, 1.3, 1.1, 1.0], "accuracy": [0.29, 0.5, 0.6, 0.66, 0.7034]}
