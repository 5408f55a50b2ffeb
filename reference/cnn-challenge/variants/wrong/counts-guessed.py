"""Forgets that a filter looks at all four pictures, and counts all parameters of the first layer as untrained."""

LOSES = ["convolution-parameters", "untrained-parameters"]

# %% [count-parameters]
second_convolution_parameters = 16 * (5 * 5 + 1)
non_trainable_parameters = 4
