"""Types a number from a run at home instead of asking the function."""

LOSES = ["height-at-point"]

# %% [point]
height_at_point = 3.25
