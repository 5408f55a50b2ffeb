"""Draws the curves of the network without dropout twice."""

LOSES = ["curves"]

# %% [plots]
for quantity in ["accuracy", "loss"]:
    for name, history in [("ReLU", relu_ten_history.history), ("dropout", relu_ten_history.history)]:
        plt.plot(history[quantity], label=f"{name}, training")
        plt.plot(history["val_" + quantity], label=f"{name}, test")
    plt.xlabel("epoch")
    plt.ylabel(quantity)
    plt.legend()
    plt.show()
