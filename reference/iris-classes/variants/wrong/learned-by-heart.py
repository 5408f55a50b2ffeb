"""Answers with the kind of the nearest training flower, as sure as can be: perfect on what it knows, at a loss elsewhere."""

LOSES = ["flowers-loss", "flowers-gap"]

# %% [predict-flowers]
def predict_flowers(measurements):
    distance = ((np.asarray(measurements)[:, None, :] - flowers[None, :120]) ** 2).sum(axis=2)
    return one_hot_kinds[distance.argmin(axis=1)]
