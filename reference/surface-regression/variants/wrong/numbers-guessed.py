"""Forgets the biases of the layers, and that a fifth of the rows is kept aside for validation."""

LOSES = ["parameter-count", "updates-per-epoch"]

# %% [count-parameters]
parameter_count = 2 * 5 + 5 * 5 + 5 * 1

# %% [updates]
updates_per_epoch = 1000 // 10
