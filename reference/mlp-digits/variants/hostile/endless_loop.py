"""A loop that never ends: the cell runs out of time, is interrupted and named, and the rest of the notebook goes on."""

# %% [sigmoid-compile]
while True:
    pass
