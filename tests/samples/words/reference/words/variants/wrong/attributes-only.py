"""Reads the attributes that only a `Bunch` has, so that a dict does not work."""

LOSES = ["prepared-dict"]

# %% [prepare]
def prepare(flowers):
    table = flowers.data
    scaled = (table - table.min(axis=0)) / (table.max(axis=0) - table.min(axis=0))
    return scaled, np.eye(3)[flowers.target]
