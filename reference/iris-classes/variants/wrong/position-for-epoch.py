"""Takes the position of the lowest value in the list for the epoch, and the loss for the validation loss."""

LOSES = ["turning-epoch", "final-gap"]

# %% [read-curves]
turning_epoch = np.argmin(recorded["val_loss"])
final_gap = recorded["loss"][-1] - recorded["val_loss"][-1]
diagnosis = "overfitting"
