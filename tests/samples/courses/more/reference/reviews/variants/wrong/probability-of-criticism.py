"""Returns the probability of criticism."""

LOSES = ["unseen-texts"]

# %% [judge]
def praise_probability(texts):
    return 1 - model.predict(np.array(vectorize(texts)), verbose=0)[:, 0]
