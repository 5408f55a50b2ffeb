"""Numbers the optimizers from 0 to 6: nobody can tell which is which."""

LOSES = ["plot-names"]

# %% [plot]
plt.errorbar(range(7), mean_scores, yerr=score_deviations, fmt="o", capsize=4)
plt.xlabel("optimizer")
plt.ylabel("accuracy")
plt.show()
