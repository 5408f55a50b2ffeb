"""Draws all four curves, without labels on the axes and without a legend."""

LOSES = ["labels"]

# %% [plots]
for numbers in adam_history.history.values():
    plt.plot(numbers)
plt.show()
