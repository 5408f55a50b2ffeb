"""Draws the curves of both networks, without labels on the axes and without a legend."""

LOSES = ["labels"]

# %% [plots]
for history in [relu_ten_history.history, dropout_history.history]:
    for numbers in history.values():
        plt.plot(numbers)
plt.show()
