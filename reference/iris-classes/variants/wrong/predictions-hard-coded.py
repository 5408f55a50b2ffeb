"""Returns typed probabilities of the kinds by one rule of thumb, wrongly sure of them, without asking the network."""

LOSES = ["flowers-loss"]

# %% [predict-flowers]
def predict_flowers(measurements):
    kind = np.where(np.asarray(measurements)[:, 2] < 2.5, 0, np.where(np.asarray(measurements)[:, 2] < 5.3, 1, 2))
    return np.eye(3)[kind]
