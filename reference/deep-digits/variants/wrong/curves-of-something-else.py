"""Draws the numbers of the training images twice: those of the test images are in no figure."""

LOSES = ["curves"]

# %% [plots]
for quantity in ["accuracy", "loss"]:
    plt.plot(adam_history.history[quantity], label="training")
    plt.plot(adam_history.history[quantity], linestyle="--", label="test")
    plt.xlabel("epoch")
    plt.ylabel(quantity)
    plt.legend()
    plt.show()
