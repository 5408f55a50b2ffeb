"""Prints the numbers of the training in place of drawing them."""

LOSES = ["guided-curves", "guided-labels"]

# %% [curves]
for quantity, numbers in guided_history.history.items():
    print(quantity, numbers)
