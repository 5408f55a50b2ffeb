"""Returns the customers with the lowest probabilities, as `argsort` sorts them."""

LOSES = ["riskiest"]

# %% [riskiest]
def riskiest(probabilities, count):
    return np.argsort(probabilities)[:count]
