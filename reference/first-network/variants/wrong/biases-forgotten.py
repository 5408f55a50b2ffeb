"""Counts the weights and forgets the biases."""

LOSES = ["hidden-parameters", "output-parameters"]

# %% [count]
hidden_parameters = 784 * HIDDEN_UNITS
output_parameters = HIDDEN_UNITS * 10
