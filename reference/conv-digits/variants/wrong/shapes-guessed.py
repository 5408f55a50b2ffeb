"""Takes 28 for the side of the maps, halves it, and forgets the biases of the filters."""

LOSES = ["map-side", "pooled-side", "filter-parameters"]

# %% [count]
map_side = 28
pooled_side = 14
filter_parameters = 8 * 3 * 3
