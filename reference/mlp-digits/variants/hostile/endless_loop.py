"""A loop that never ends: the cell runs out of time, is interrupted and named, and the rest of the notebook continues."""

# %% [sigmoid-compile]
while True:
    pass
