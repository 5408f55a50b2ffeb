"""Takes two deviations to each side, as a text on confidence intervals does."""

LOSES = ["error-bars"]

# %% [plot]
means, deviations = np.array(list(table.values())).T
plt.errorbar(list(table), means, yerr=2 * deviations, fmt="o")
plt.ylabel("accuracy")
plt.show()
