"""Leaves out the cubic term."""

LOSES = ["heights-spread", "heights-error"]

# %% [heights]
def predict_heights(places):
    return 2 + places
