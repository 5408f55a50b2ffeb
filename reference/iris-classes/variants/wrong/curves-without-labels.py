"""Draws both losses, without labels on the axes and without a legend."""

LOSES = ["labels"]

# %% [plots]
plt.plot(mended_history.history["loss"])
plt.plot(mended_history.history["val_loss"])
plt.show()
