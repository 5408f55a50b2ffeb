"""Looks for `acc` in the history, as it was called in early versions, so that no figure is drawn."""

LOSES = ["curves", "labels"]

# %% [plots]
plt.plot(adam_history.history["acc"], label="training")
plt.plot(adam_history.history["val_acc"], label="test")
plt.xlabel("epoch")
plt.ylabel("accuracy")
plt.legend()
plt.show()
