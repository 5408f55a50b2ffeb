"""Draws all four curves, without labels on the axes and without a legend."""

LOSES = ["guided-labels"]

# %% [curves]
for numbers in guided_history.history.values():
    plt.plot(numbers)
plt.show()
