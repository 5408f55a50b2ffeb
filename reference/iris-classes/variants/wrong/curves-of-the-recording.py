"""Draws the recorded training in place of its own."""

LOSES = ["curves"]

# %% [plots]
plt.plot(recorded["epoch"], recorded["loss"], label="training")
plt.plot(recorded["epoch"], recorded["val_loss"], label="validation")
plt.xlabel("epoch")
plt.ylabel("loss")
plt.legend()
plt.show()
