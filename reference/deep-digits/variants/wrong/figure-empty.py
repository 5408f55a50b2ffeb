"""Shows a figure with axes, labels and a title, and nothing in it."""

LOSES = ["curves", "labels"]

# %% [plots]
plt.title("accuracy and loss")
plt.xlabel("epoch")
plt.plot([], label="training")
plt.legend()
plt.show()
