"""Draws the means as bars and forgets the deviations."""

LOSES = ["error-bars"]

# %% [plot]
plt.bar(list(table), [mean for mean, deviation in table.values()])
plt.ylabel("accuracy")
plt.show()
