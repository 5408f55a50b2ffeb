"""Looks for `acc` in the history, the early name of `accuracy`: the cell stops before anything is drawn."""

LOSES = ["curves", "labels"]

# %% [plots]
accuracy = relu_ten_history.history["acc"]
val_accuracy = relu_ten_history.history["val_acc"]
plt.plot(accuracy, label="training")
plt.plot(val_accuracy, label="test")
plt.legend()
plt.show()
