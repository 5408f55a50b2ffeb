"""Mixes up the sides of filter and pooling; the network that is built from them costs nothing more."""

LOSES = ["settings"]

# %% [settings]
num_filters, filter_size, pool_size = 8, 2, 3
