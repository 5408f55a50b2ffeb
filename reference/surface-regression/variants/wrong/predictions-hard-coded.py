"""Returns a number that looked plausible for every point, without asking the network."""

LOSES = ["surface-error"]

# %% [predict-surface]
def predict_surface(points):
    return np.full(len(points), 5.0)
