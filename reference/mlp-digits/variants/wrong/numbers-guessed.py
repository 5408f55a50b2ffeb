"""Forgets the biases of the first layer, and the smaller last batch of an epoch."""

LOSES = ["first-layer-parameters", "updates-per-epoch"]

# %% [count-parameters]
first_layer_parameters = 784 * 512

# %% [updates]
updates_per_epoch = 6000 // 128
