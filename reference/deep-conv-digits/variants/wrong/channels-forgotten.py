"""Counts one window per filter and forgets that ten maps come in."""

LOSES = ["second-conv-parameters"]

# %% [count-parameters]
second_conv_parameters = 20 * (5 * 5 + 1)
