"""Asks the history for `acc`, as it was called in old books: the cell stops before anything is drawn."""

LOSES = ["curves", "labels"]

# %% [plots]
accuracy, val_accuracy = mended_history.history["acc"], mended_history.history["val_acc"]
plt.plot(accuracy, label="training")
plt.plot(val_accuracy, label="validation")
plt.legend()
plt.show()
