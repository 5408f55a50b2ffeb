"""Draws the numbers of the training images twice: those of the validation images are in no figure."""

LOSES = ["guided-curves"]

# %% [curves]
for quantity in ["accuracy", "loss"]:
    plt.plot(guided_history.history[quantity], label="training")
    plt.plot(guided_history.history[quantity], linestyle="--", label="validation")
    plt.xlabel("epoch")
    plt.ylabel(quantity)
    plt.legend()
    plt.show()
