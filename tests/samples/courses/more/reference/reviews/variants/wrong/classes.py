"""Returns 0 or 1 for each text."""

LOSES = ["probabilities"]

# %% [judge]
def praise_probability(texts):
    return (model.predict(np.array(vectorize(texts)), verbose=0)[:, 0] > 0.5).astype("float64")
